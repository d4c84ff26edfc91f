"""The audit's SQL for SQLite and PostgreSQL: each query finds rows whose sums or states break a rule."""

# Each finds rows that must not be, and says how to name one.
CHECKS: tuple[tuple[str, str], ...] = (
    (
        "{}: {} on hand and {} reserved cannot be",
        "SELECT name, on_hand, reserved FROM products WHERE reserved < 0 OR on_hand < reserved",
    ),
    (
        "{}: {} on hand and {} reserved, but the ledger adds up to {} and {}",
        """SELECT p.name, p.on_hand, p.reserved, COALESCE(l.on_hand, 0), COALESCE(l.reserved, 0) FROM products p
        LEFT JOIN (SELECT name, SUM(on_hand) AS on_hand, SUM(reserved) AS reserved FROM stock_ledger GROUP BY name) l
        ON l.name = p.name
        WHERE p.on_hand <> COALESCE(l.on_hand, 0) OR p.reserved <> COALESCE(l.reserved, 0)""",
    ),
    (
        "{}: the ledger moved it, but there is no such product",
        """SELECT DISTINCT l.name FROM stock_ledger l LEFT JOIN products p ON p.name = l.name
        WHERE p.name IS NULL""",
    ),
    (
        "{}: {} reserved, but its open orders hold {}",
        """SELECT p.name, p.reserved, COALESCE(h.units, 0) FROM products p
        LEFT JOIN (SELECT n.name, SUM(n.reserved) AS units FROM order_lines n JOIN orders o ON o.number = n.order_number
                   WHERE o.status IN ('processed', 'backordered') GROUP BY n.name) h ON h.name = p.name
        WHERE p.reserved <> COALESCE(h.units, 0)""",
    ),
    (
        "order {}, {}: it is {} and holds {}, but the ledger reserved {} and moved {} on hand for it",
        """SELECT o.identity, x.name, o.status, x.held, x.reserved, x.on_hand FROM (
            SELECT order_number, name, SUM(held) AS held, SUM(reserved) AS reserved, SUM(on_hand) AS on_hand FROM (
                SELECT order_number, name, reserved AS held, 0 AS reserved, 0 AS on_hand FROM order_lines
                UNION ALL
                SELECT order_number, name, 0, reserved, on_hand FROM stock_ledger WHERE order_number IS NOT NULL
            ) both_sides GROUP BY order_number, name
        ) x JOIN orders o ON o.number = x.order_number
        WHERE x.reserved <> (CASE WHEN o.status IN ('processed', 'backordered') THEN x.held ELSE 0 END)
           OR x.on_hand <> (CASE WHEN o.status = 'shipped' THEN -x.held ELSE 0 END)""",
    ),
    (
        "order {}: it is {}, but a line of {} has {} of {} reserved and {} missing",
        """SELECT o.identity, o.status, n.name, n.reserved, n.quantity, n.missing
        FROM order_lines n JOIN orders o ON o.number = n.order_number
        WHERE (o.status IN ('processed', 'shipped', 'returned') AND (n.reserved <> n.quantity OR n.missing <> 0))
           OR (o.status = 'backordered' AND n.reserved + n.missing <> n.quantity)
           OR (o.status IN ('rejected', 'cancelled') AND n.reserved <> 0)""",
    ),
    (
        "order {} has no lines",
        """SELECT o.identity FROM orders o LEFT JOIN order_lines n ON n.order_number = o.number
        WHERE n.order_number IS NULL""",
    ),
    (
        "event {} belongs to no order",
        """SELECT e.seq FROM events e LEFT JOIN orders o ON o.number = e.order_number
        WHERE o.number IS NULL AND e.order_number IS NOT NULL""",
    ),
    (
        "event {} tells of no order that it is {}: of what was set aside it would be rejected",
        "SELECT seq, status FROM events WHERE order_number IS NULL AND status <> 'rejected'",
    ),
    (
        "events: {} of them with numbers {} to {}, but {} were drawn",
        """SELECT e.n, e.low, e.high, c.events FROM counters c,
        (SELECT COUNT(*) AS n, COALESCE(MIN(seq), 1) AS low, COALESCE(MAX(seq), 0) AS high FROM events) e
        WHERE e.n <> c.events OR e.low <> 1 OR e.high <> c.events""",
    ),
    (
        "orders: {} of them with numbers up to {}, but {} were drawn",
        """SELECT o.n, o.high, c.orders FROM counters c,
        (SELECT COUNT(*) AS n, COALESCE(MAX(number), 0) AS high FROM orders) o
        WHERE o.n <> c.orders OR o.high <> c.orders""",
    ),
    (
        "ledger row {}: a movement of kind {} cannot be {} on hand and {} reserved, for order number {}",
        """SELECT "row", kind, on_hand, reserved, order_number FROM stock_ledger WHERE NOT CASE kind
            WHEN 'opening' THEN on_hand >= 0 AND reserved = 0 AND order_number IS NULL
            WHEN 'restock' THEN on_hand > 0 AND reserved = 0 AND order_number IS NULL
            WHEN 'import' THEN reserved = 0 AND order_number IS NULL
            WHEN 'adjust' THEN on_hand <> 0 AND reserved = 0 AND order_number IS NULL
            WHEN 'undo' THEN reserved = 0 AND order_number IS NULL
            WHEN 'reserve' THEN on_hand = 0 AND reserved > 0 AND order_number IS NOT NULL
            WHEN 'release' THEN on_hand = 0 AND reserved < 0 AND order_number IS NOT NULL
            WHEN 'ship' THEN on_hand < 0 AND reserved = on_hand AND order_number IS NOT NULL
            WHEN 'return' THEN on_hand > 0 AND reserved = 0 AND order_number IS NOT NULL
            ELSE 1 = 0 END""",
    ),
    (
        "ledger row {}: after it {} would have had {} on hand and {} reserved",
        """SELECT at_row, name, on_hand, reserved FROM (
            SELECT "row" AS at_row, name,
                   SUM(on_hand) OVER (PARTITION BY name ORDER BY "row") AS on_hand,
                   SUM(reserved) OVER (PARTITION BY name ORDER BY "row") AS reserved FROM stock_ledger
        ) replayed WHERE reserved < 0 OR on_hand < reserved ORDER BY at_row""",
    ),
    (
        "order {}: on_shortage is {} and it is {}, which does not go together",
        """SELECT identity, on_shortage, status FROM orders WHERE on_shortage NOT IN ('reject', 'partial', 'wait')
           OR status NOT IN ('processed', 'backordered', 'rejected', 'cancelled', 'shipped', 'returned')
           OR (on_shortage = 'reject' AND status = 'backordered')""",
    ),
    (
        "order {}: it waits for stock and lacks nothing",
        """SELECT o.identity FROM orders o JOIN order_lines n ON n.order_number = o.number
        WHERE o.status = 'backordered' GROUP BY o.number, o.identity HAVING SUM(n.missing) = 0""",
    ),
    (
        "order {}: it waits for all or nothing, but reserved for it: {}",
        """SELECT o.identity, SUM(n.reserved) FROM orders o JOIN order_lines n ON n.order_number = o.number
        WHERE o.status = 'backordered' AND o.on_shortage = 'wait'
        GROUP BY o.number, o.identity HAVING SUM(n.reserved) > 0""",
    ),
    (
        "event {} is for user {}, but its order is of user {}",
        """SELECT e.seq, e.user_id, o.user_id FROM events e JOIN orders o ON o.number = e.order_number
        WHERE e.user_id <> o.user_id""",
    ),
    (
        "order {} came as number {}, but was told of before number {}",
        """SELECT identity, number, before FROM (
            SELECT o.identity, o.number, MIN(e.seq) AS told, LAG(o.number) OVER (ORDER BY o.number) AS before,
                   LAG(MIN(e.seq)) OVER (ORDER BY o.number) AS told_before
            FROM orders o JOIN events e ON e.order_number = o.number GROUP BY o.number, o.identity
        ) firsts WHERE told < told_before""",
    ),
    (
        "order {}: its user cancelled it before it came, and that was not heeded: it is {}",
        """SELECT o.identity, o.status FROM orders o JOIN early_cancels c
        ON c.identity = o.identity AND c.user_id = o.user_id WHERE o.status <> 'rejected'""",
    ),
    (
        "set aside number {}: it is {} and was sent again {} times",
        """SELECT "row", state, replays FROM set_aside WHERE replays < 0
           OR state NOT IN ('kept', 'replayed', 'settled', 'dropped')
           OR (state IN ('replayed', 'settled') AND replays < 1)""",
    ),
)
