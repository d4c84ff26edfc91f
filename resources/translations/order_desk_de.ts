<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Order Desk</source>
        <translation>Über Order Desk</translation>
    </message>
    <message>
        <source>Orders, stock and notifications over RabbitMQ in one window.</source>
        <translation>Bestellungen, Bestand und Meldungen über RabbitMQ in einem Fenster.</translation>
    </message>
    <message>
        <source>(from a checkout)</source>
        <translation>(aus einem Checkout)</translation>
    </message>
</context>
<context>
    <name>AllotmentModel</name>
    <message>
        <source>Order</source>
        <translation>Bestellung</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Gets</source>
        <translation>Bekommt</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>Dann</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>vollständig</translation>
    </message>
    <message>
        <source>still waits</source>
        <translation>wartet weiter</translation>
    </message>
</context>
<context>
    <name>AllotmentTable</name>
    <message>
        <source>Waiting orders that would be served</source>
        <translation>Wartende Bestellungen, die bedient würden</translation>
    </message>
</context>
<context>
    <name>Application</name>
    <message>
        <source>Private RabbitMQ</source>
        <translation>Eigener RabbitMQ</translation>
    </message>
</context>
<context>
    <name>BasketModel</name>
    <message>
        <source>Product</source>
        <translation>Produkt</translation>
    </message>
    <message>
        <source>One less</source>
        <translation>Eins weniger</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Menge</translation>
    </message>
    <message>
        <source>One more</source>
        <translation>Eins mehr</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>Summe</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Herausnehmen</translation>
    </message>
    <message>
        <source>{0}, not offered</source>
        <translation>{0}, nicht im Angebot</translation>
    </message>
    <message>
        <source>{0}, {1} free</source>
        <translation>{0}, {1} frei</translation>
    </message>
    <message>
        <source>{0} is not in the catalogue: an order of it is refused</source>
        <translation>{0} ist nicht im Katalog: eine Bestellung davon wird abgelehnt</translation>
    </message>
    <message>
        <source>{0}: only {1} free now</source>
        <translation>{0}: nur {1} frei</translation>
    </message>
    <message>
        <source>{0} each</source>
        <translation>je {0}</translation>
    </message>
</context>
<context>
    <name>BasketPane</name>
    <message>
        <source>Basket</source>
        <translation>Warenkorb</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Take everything out of the basket</source>
        <translation>Alles aus dem Warenkorb nehmen</translation>
    </message>
    <message>
        <source>Refuse the order</source>
        <translation>Bestellung ablehnen</translation>
    </message>
    <message>
        <source>Send what there is, the rest waits</source>
        <translation>Senden, was da ist; der Rest wartet</translation>
    </message>
    <message>
        <source>Wait until all is there</source>
        <translation>Warten, bis alles da ist</translation>
    </message>
    <message>
        <source>If stock is short</source>
        <translation>Wenn Ware fehlt</translation>
    </message>
    <message>
        <source>Place order</source>
        <translation>Bestellen</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>The basket is empty</source>
        <translation>Der Warenkorb ist leer</translation>
    </message>
    <message>
        <source>Type a product and press Enter, or double-click it.</source>
        <translation>Produkt tippen und Eingabe drücken, oder doppelklicken.</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Gesamt</translation>
    </message>
</context>
<context>
    <name>BooksChanges</name>
    <message>
        <source>1 order shipped</source>
        <translation>1 Bestellung versandt</translation>
    </message>
    <message>
        <source>{0} orders shipped</source>
        <translation>{0} Bestellungen versandt</translation>
    </message>
    <message>
        <source>1 order cancelled</source>
        <translation>1 Bestellung storniert</translation>
    </message>
    <message>
        <source>{0} orders cancelled</source>
        <translation>{0} Bestellungen storniert</translation>
    </message>
    <message>
        <source>1 order taken back</source>
        <translation>1 Bestellung zurückgenommen</translation>
    </message>
    <message>
        <source>{0} orders taken back</source>
        <translation>{0} Bestellungen zurückgenommen</translation>
    </message>
    <message>
        <source>{0} came in</source>
        <translation>{0} eingegangen</translation>
    </message>
    <message>
        <source>{0} adjusted by {1}</source>
        <translation>{0} um {1} berichtigt</translation>
    </message>
    <message>
        <source>{0}: it cannot be undone now</source>
        <translation>{0}: kann jetzt nicht rückgängig gemacht werden</translation>
    </message>
    <message>
        <source>Posting undone; the ledger shows both</source>
        <translation>Buchung aufgehoben; das Journal zeigt beide</translation>
    </message>
    <message>
        <source>{0} is in the catalogue now</source>
        <translation>{0} ist jetzt im Katalog</translation>
    </message>
    <message>
        <source>{0} costs {1} now, and is low from {2} free on</source>
        <translation>{0} kostet jetzt {1} und ist ab {2} frei knapp</translation>
    </message>
    <message>
        <source>a tenth</source>
        <translation>einem Zehntel</translation>
    </message>
    <message>
        <source>{0} is offered again</source>
        <translation>{0} wird wieder angeboten</translation>
    </message>
    <message>
        <source>{0} is withdrawn: no new order of it is taken</source>
        <translation>{0} ist zurückgezogen: keine neue Bestellung davon wird angenommen</translation>
    </message>
    <message>
        <source>{0} products written to {1}</source>
        <translation>{0} Produkte nach {1} geschrieben</translation>
    </message>
    <message>
        <source>1 message dropped</source>
        <translation>1 Nachricht verworfen</translation>
    </message>
    <message>
        <source>{0} messages dropped</source>
        <translation>{0} Nachrichten verworfen</translation>
    </message>
    <message>
        <source>The corrected order was sent; the message set aside is dropped</source>
        <translation>Die berichtigte Bestellung ist gesendet; die beiseitegelegte Nachricht ist verworfen</translation>
    </message>
    <message>
        <source>1 message brought back</source>
        <translation>1 Nachricht zurückgeholt</translation>
    </message>
    <message>
        <source>{0} messages brought back</source>
        <translation>{0} Nachrichten zurückgeholt</translation>
    </message>
    <message>
        <source>1 waiting order served</source>
        <translation>1 wartende Bestellung bedient</translation>
    </message>
    <message>
        <source>{0} waiting orders served</source>
        <translation>{0} wartende Bestellungen bedient</translation>
    </message>
</context>
<context>
    <name>CatalogueModel</name>
    <message>
        <source>Product</source>
        <translation>Produkt</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Frei</translation>
    </message>
    <message>
        <source>Add to the basket</source>
        <translation>In den Warenkorb</translation>
    </message>
    <message>
        <source>Add {0} to the basket</source>
        <translation>{0} in den Warenkorb</translation>
    </message>
    <message>
        <source>No warehouse has told its stock yet</source>
        <translation>Noch kein Lager hat seinen Bestand genannt</translation>
    </message>
    <message>
        <source>Nothing free: all of it is reserved or gone</source>
        <translation>Nichts frei: alles ist reserviert oder weg</translation>
    </message>
    <message>
        <source>{0} free</source>
        <translation>{0} frei</translation>
    </message>
</context>
<context>
    <name>CataloguePane</name>
    <message>
        <source>Search products, or type 3 laptop</source>
        <translation>Produkte suchen, oder: 3 laptop</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>Katalog</translation>
    </message>
    <message>
        <source>No such product</source>
        <translation>Kein solches Produkt</translation>
    </message>
    <message>
        <source>Try fewer letters.</source>
        <translation>Weniger Buchstaben versuchen.</translation>
    </message>
    <message>
        <source>Enter takes {0} × {1}</source>
        <translation>Enter nimmt {0} × {1}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
</context>
<context>
    <name>CheckList</name>
    <message>
        <source>What the test found</source>
        <translation>Was die Prüfung fand</translation>
    </message>
    <message>
        <source>{n} exchanges, queues, bindings and rules are as they should be</source>
        <translation>{n} Exchanges, Queues, Bindungen und Regeln sind, wie sie sein sollen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Virtual host</source>
        <translation>Virtueller Host</translation>
    </message>
    <message>
        <source>Rights</source>
        <translation>Rechte</translation>
    </message>
    <message>
        <source>Topology</source>
        <translation>Topologie</translation>
    </message>
    <message>
        <source>in order</source>
        <translation>in Ordnung</translation>
    </message>
    <message>
        <source>mended</source>
        <translation>behoben</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>made by others</source>
        <translation>von anderen angelegt</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
</context>
<context>
    <name>ClientTab</name>
    <message>
        <source>Client</source>
        <translation>Kunde</translation>
    </message>
    <message>
        <source>Export orders</source>
        <translation>Bestellungen exportieren</translation>
    </message>
    <message>
        <source>Choose among the products found</source>
        <translation>Unter den gefundenen Produkten wählen</translation>
    </message>
    <message>
        <source>Put the chosen product into the basket</source>
        <translation>Das gewählte Produkt in den Warenkorb legen</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Three of it</source>
        <translation>Drei davon</translation>
    </message>
    <message>
        <source>3, Space, its name</source>
        <translation>3, Leertaste, sein Name</translation>
    </message>
    <message>
        <source>One more of the last product</source>
        <translation>Vom letzten Produkt eins mehr</translation>
    </message>
    <message>
        <source>One less of it</source>
        <translation>Eins weniger davon</translation>
    </message>
    <message>
        <source>Take the chosen line out of the basket</source>
        <translation>Die gewählte Position aus dem Warenkorb nehmen</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Entf</translation>
    </message>
    <message>
        <source>The basket was cleared</source>
        <translation>Der Warenkorb wurde geleert</translation>
    </message>
</context>
<context>
    <name>Completion</name>
    <message>
        <source>What may be meant</source>
        <translation>Was gemeint sein kann</translation>
    </message>
</context>
<context>
    <name>ConnectionDialog</name>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>A private RabbitMQ on this machine, started when it is needed</source>
        <translation>Ein eigener RabbitMQ auf diesem Rechner, gestartet bei Bedarf</translation>
    </message>
    <message>
        <source>A RabbitMQ that runs elsewhere</source>
        <translation>Ein RabbitMQ, der anderswo läuft</translation>
    </message>
    <message>
        <source>The private RabbitMQ is not in use yet: apply first, then test.</source>
        <translation>Der eigene RabbitMQ ist noch nicht in Gebrauch: Erst übernehmen, dann prüfen.</translation>
    </message>
    <message>
        <source>Testing...</source>
        <translation>Wird geprüft...</translation>
    </message>
    <message>
        <source>All is as it should be.</source>
        <translation>Alles ist, wie es sein soll.</translation>
    </message>
    <message>
        <source>Problems: {n}, see above.</source>
        <translation>Probleme: {n}, siehe oben.</translation>
    </message>
    <message>
        <source>Encrypted (TLS)</source>
        <translation>Verschlüsselt (TLS)</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Virtual host</source>
        <translation>Virtueller Host</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Several addresses with commas: they are tried in turn</source>
        <translation>Mehrere Adressen mit Kommas: sie werden der Reihe nach versucht</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Step by step; nothing is changed</source>
        <translation>Schritt für Schritt; nichts wird geändert</translation>
    </message>
    <message>
        <source>Apply and reconnect</source>
        <translation>Übernehmen und verbinden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>DoneBar</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>ErrorsModel</name>
    <message>
        <source>Line</source>
        <translation>Zeile</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
</context>
<context>
    <name>ExportButton</name>
    <message>
        <source>CSV for spreadsheets (*.csv)</source>
        <translation>CSV für Tabellenkalkulationen (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Writing {0}</source>
        <translation>{0} wird geschrieben</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stopped: nothing was written</source>
        <translation>Angehalten: nichts wurde geschrieben</translation>
    </message>
    <message>
        <source>1 row written to {0}</source>
        <translation>1 Zeile nach {0} geschrieben</translation>
    </message>
    <message>
        <source>{1} rows written to {0}</source>
        <translation>{1} Zeilen nach {0} geschrieben</translation>
    </message>
</context>
<context>
    <name>FeedModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Bestellung</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>came again; {0}</source>
        <translation>kam noch einmal; {0}</translation>
    </message>
    <message>
        <source>came again</source>
        <translation>kam noch einmal</translation>
    </message>
</context>
<context>
    <name>FeedPane</name>
    <message>
        <source>Start the warehouse</source>
        <translation>Lager starten</translation>
    </message>
    <message>
        <source>Orders as they come</source>
        <translation>Bestellungen, wie sie kommen</translation>
    </message>
    <message>
        <source>{0} more came too fast to show; the ledger has them all.</source>
        <translation>{0} weitere kamen zu schnell zum Zeigen; das Journal hat alle.</translation>
    </message>
    <message>
        <source>No orders yet</source>
        <translation>Noch keine Bestellungen</translation>
    </message>
    <message>
        <source>Each order appears here with what was decided, as it comes.</source>
        <translation>Jede Bestellung erscheint hier mit der Entscheidung, sobald sie kommt.</translation>
    </message>
    <message>
        <source>The warehouse is stopped</source>
        <translation>Das Lager steht</translation>
    </message>
    <message>
        <source>Orders wait in RabbitMQ until a warehouse takes them.</source>
        <translation>Bestellungen warten in RabbitMQ, bis ein Lager sie nimmt.</translation>
    </message>
</context>
<context>
    <name>FilterField</name>
    <message>
        <source>What can be typed</source>
        <translation>Was man eingeben kann</translation>
    </message>
</context>
<context>
    <name>Filters</name>
    <message>
        <source>Filter by any words, or state:refused -milk since:2h</source>
        <translation>Nach Wörtern filtern, oder Zustand:abgelehnt -milk seit:2h</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Any state</source>
        <translation>Jeder Zustand</translation>
    </message>
    <message>
        <source>Time of receipt</source>
        <translation>Empfangszeit</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Jederzeit</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>Letzte Stunde</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>Letzte 24 Stunden</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>Unread</source>
        <translation>Ungelesen</translation>
    </message>
    <message>
        <source>Only what is not read yet</source>
        <translation>Nur, was noch nicht gelesen ist</translation>
    </message>
    <message>
        <source>While away</source>
        <translation>In Abwesenheit</translation>
    </message>
    <message>
        <source>Only what came while nobody listened here</source>
        <translation>Nur, was kam, während hier niemand zuhörte</translation>
    </message>
    <message>
        <source>While away: {0}</source>
        <translation>In Abwesenheit: {0}</translation>
    </message>
</context>
<context>
    <name>Flow</name>
    <message>
        <source>listens</source>
        <translation>hört zu</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Kunde</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>of this window</source>
        <translation>dieses Fensters</translation>
    </message>
    <message>
        <source>of other windows</source>
        <translation>anderer Fenster</translation>
    </message>
    <message>
        <source>{0} to send</source>
        <translation>{0} zu senden</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>Outbox</source>
        <translation>Postausgang</translation>
    </message>
    <message>
        <source>Warehouse</source>
        <translation>Lager</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>runs here</source>
        <translation>läuft hier</translation>
    </message>
    <message>
        <source>runs elsewhere</source>
        <translation>läuft anderswo</translation>
    </message>
    <message>
        <source>runs nowhere</source>
        <translation>läuft nirgends</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>{0} ready, consumers: {1}</source>
        <translation>{0} bereit, Abnehmer: {1}</translation>
    </message>
    <message>
        <source>The client&apos;s tab of this window places orders and follows what becomes of them.</source>
        <translation>Der Reiter Kunde dieses Fensters gibt Bestellungen auf und verfolgt, was aus ihnen wird.</translation>
    </message>
    <message>
        <source>An order is on disk here before the window says that it is placed. It is forgotten only once RabbitMQ has confirmed that it keeps it.</source>
        <translation>Eine Bestellung liegt hier auf der Platte, bevor das Fenster sagt, dass sie aufgegeben ist. Vergessen wird sie erst, wenn RabbitMQ bestätigt hat, dass es sie behält.</translation>
    </message>
    <message>
        <source>A direct exchange keeps nothing: it puts each message into the queues bound with exactly its key. Orders have an empty key, wishes to cancel one have the key command.</source>
        <translation>Eine direct exchange behält nichts: Sie legt jede Nachricht in die Queues, die mit genau ihrem Schlüssel gebunden sind. Bestellungen haben einen leeren Schlüssel, Wünsche nach Storno den Schlüssel command.</translation>
    </message>
    <message>
        <source>Orders wait here, in order and on RabbitMQ&apos;s disk, until a warehouse takes them. Of several warehouses each order goes to one. It leaves the queue when that one acknowledges it, after all else is done.</source>
        <translation>Hier warten Bestellungen, der Reihe nach und auf der Platte von RabbitMQ, bis ein Lager sie abnimmt. Von mehreren Lagern bekommt jede Bestellung eines. Sie verlässt die Queue, wenn dieses sie quittiert, nachdem alles andere getan ist.</translation>
    </message>
    <message>
        <source>Wishes to cancel an order wait here for a warehouse.</source>
        <translation>Hier warten Wünsche nach Storno auf ein Lager.</translation>
    </message>
    <message>
        <source>What a warehouse refuses because it cannot be read or taken is not thrown away: by a policy of the queue RabbitMQ passes it to this exchange.</source>
        <translation>Was ein Lager ablehnt, weil es nicht zu lesen oder nicht zu erfüllen ist, wird nicht weggeworfen: Nach einer Policy der Queue gibt RabbitMQ es an diese Exchange.</translation>
    </message>
    <message>
        <source>Refused messages wait here until a warehouse puts them aside with their reason: its page Set aside shows them.</source>
        <translation>Hier warten abgelehnte Nachrichten, bis ein Lager sie mit ihrem Grund beiseitelegt: Seine Seite Beiseitegelegt zeigt sie.</translation>
    </message>
    <message>
        <source>Windows ask here for the catalogue, and for the notices they missed while they were closed. The answer comes back to the one that asked.</source>
        <translation>Hier fragen Fenster nach dem Katalog und nach den Meldungen, die sie verpasst haben, während sie geschlossen waren. Die Antwort kommt zu dem zurück, das gefragt hat.</translation>
    </message>
    <message>
        <source>Questions wait here for a warehouse.</source>
        <translation>Hier warten Fragen auf ein Lager.</translation>
    </message>
    <message>
        <source>A fanout exchange copies each message to every queue bound to it: stock that has changed goes to all windows.</source>
        <translation>Eine fanout exchange kopiert jede Nachricht in alle Queues, die an sie gebunden sind: Geänderter Bestand geht an alle Fenster.</translation>
    </message>
    <message>
        <source>Takes orders, reserves stock and writes the outcome in one transaction of its books; then it tells the outcome, and acknowledges the order last. If it dies before that, RabbitMQ gives the order out again, and the books know that it was settled.</source>
        <translation>Nimmt Bestellungen ab, reserviert Bestand und schreibt das Ergebnis in einer Transaktion in seine Bücher; dann meldet es das Ergebnis und quittiert die Bestellung zuletzt. Stirbt es vorher, gibt RabbitMQ die Bestellung noch einmal aus, und die Bücher wissen, dass sie erledigt ist.</translation>
    </message>
    <message>
        <source>A topic exchange: each notice has the key client.&lt;user&gt;.order.&lt;order&gt;, and goes to the queues whose pattern it fits.</source>
        <translation>Eine topic exchange: Jede Meldung hat den Schlüssel client.&lt;user&gt;.order.&lt;order&gt; und geht in die Queues, zu deren Muster er passt.</translation>
    </message>
    <message>
        <source>A queue of this listener alone, which goes with its connection. It is bound to this user&apos;s notices, or to everyone&apos;s where those are shown. What is told meanwhile is asked for when the window opens again.</source>
        <translation>Eine Queue nur für diesen Zuhörer, die mit seiner Verbindung vergeht. Sie ist an die Meldungen dieses Benutzers gebunden, oder an die aller, wenn diese gezeigt werden. Was inzwischen gemeldet wird, erfragt das Fenster, wenn es wieder geöffnet wird.</translation>
    </message>
    <message>
        <source>The notifications&apos; tab of this window keeps each notice in the user&apos;s history.</source>
        <translation>Der Reiter Meldungen dieses Fensters bewahrt jede Meldung im Verlauf des Benutzers auf.</translation>
    </message>
    <message>
        <source>Every other listener has such a queue, bound to the notices of its own user.</source>
        <translation>Jeder andere Zuhörer hat so eine Queue, gebunden an die Meldungen seines eigenen Benutzers.</translation>
    </message>
</context>
<context>
    <name>FlowPicture</name>
    <message>
        <source>How messages flow</source>
        <translation>Der Weg der Nachrichten</translation>
    </message>
</context>
<context>
    <name>FlowWindow</name>
    <message>
        <source>Message flow</source>
        <translation>Weg der Nachrichten</translation>
    </message>
    <message>
        <source>A dot is an order, in its user&apos;s colour. Point at a part to read what it is for.</source>
        <translation>Ein Punkt ist eine Bestellung, in der Farbe ihres Benutzers. Zeigen Sie auf ein Teil, um zu lesen, wozu es da ist.</translation>
    </message>
</context>
<context>
    <name>FoldedNews</name>
    <message>
        <source>{n} notices</source>
        <translation>{n} Meldungen</translation>
    </message>
</context>
<context>
    <name>FrameDialog</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Hints</name>
    <message>
        <source>the order&apos;s id, its beginning or end</source>
        <translation>die Kennung der Bestellung, ihr Anfang oder Ende</translation>
    </message>
    <message>
        <source>what was ordered: milk, &quot;whole milk&quot;</source>
        <translation>was bestellt wurde: milk, &quot;whole milk&quot;</translation>
    </message>
    <message>
        <source>what became of it: refused, shipped</source>
        <translation>was daraus wurde: abgelehnt, versandt</translation>
    </message>
    <message>
        <source>whose order: a name or an id</source>
        <translation>wessen Bestellung: ein Name oder eine Kennung</translation>
    </message>
    <message>
        <source>from then on: 30min, 2h, 3d, 14:05, yesterday, 2026-11-20</source>
        <translation>von da an: 30min, 2h, 3d, 14:05, gestern, 2026-11-20</translation>
    </message>
    <message>
        <source>until then</source>
        <translation>bis dahin</translation>
    </message>
    <message>
        <source>What can be typed</source>
        <translation>Was man eingeben kann</translation>
    </message>
    <message>
        <source>in front: what must not be, as in -state:shipped or -milk</source>
        <translation>davor: was nicht sein darf, wie in -Zustand:versandt oder -milk</translation>
    </message>
    <message>
        <source>between two: either will do, as in state:refused,shipped</source>
        <translation>dazwischen: eines von beiden, wie in Zustand:abgelehnt,versandt</translation>
    </message>
    <message>
        <source>Other words are looked for everywhere; all of them must be found</source>
        <translation>Andere Wörter werden überall gesucht; alle müssen vorkommen</translation>
    </message>
</context>
<context>
    <name>ImportCard</name>
    <message>
        <source>Rows that are left out</source>
        <translation>Zeilen, die ausgelassen werden</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>{0}: {1} products. Their prices and their stock as counted replace what the books say.</source>
        <translation>{0}: {1} Produkte. Ihre Preise und ihr gezählter Bestand ersetzen, was die Bücher sagen.</translation>
    </message>
    <message>
        <source>Imported: {0} new, {1} changed, {2} as they were.</source>
        <translation>Importiert: {0} neu, {1} geändert, {2} wie zuvor.</translation>
    </message>
    <message>
        <source> {0} of them are withdrawn and stay so.</source>
        <translation> {0} davon sind zurückgezogen und bleiben es.</translation>
    </message>
    <message>
        <source> {0} rows are left out:</source>
        <translation> {0} Zeilen werden ausgelassen:</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>und {0} weitere</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import orders</source>
        <translation>Bestellungen importieren</translation>
    </message>
    <message>
        <source>Orders of the file</source>
        <translation>Bestellungen der Datei</translation>
    </message>
    <message>
        <source>Rows that cannot be taken</source>
        <translation>Zeilen, die nicht angenommen werden können</translation>
    </message>
    <message>
        <source>Orders placed</source>
        <translation>Aufgegebene Bestellungen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Orders: {0}, new ones: {1}.</source>
        <translation>Bestellungen: {0}, davon neu: {1}.</translation>
    </message>
    <message>
        <source>Rows with errors: {0}; their orders are left out.</source>
        <translation>Zeilen mit Fehlern: {0}; ihre Bestellungen werden ausgelassen.</translation>
    </message>
    <message>
        <source>Left out: {0}.</source>
        <translation>Ausgelassen: {0}.</translation>
    </message>
    <message>
        <source>Orders with products that the catalogue lacks: {0}.</source>
        <translation>Bestellungen mit Produkten, die im Katalog fehlen: {0}.</translation>
    </message>
    <message>
        <source>One order is placed.</source>
        <translation>Eine Bestellung ist aufgegeben.</translation>
    </message>
    <message>
        <source>There already: {0}.</source>
        <translation>Schon vorhanden: {0}.</translation>
    </message>
    <message>
        <source>Stopped, not placed: {0}; import the file again for them.</source>
        <translation>Angehalten, nicht aufgegeben: {0}; dafür die Datei noch einmal importieren.</translation>
    </message>
    <message>
        <source>Place {0} orders</source>
        <translation>{0} Bestellungen aufgeben</translation>
    </message>
    <message>
        <source>Place one order</source>
        <translation>Eine Bestellung aufgeben</translation>
    </message>
    <message>
        <source>Placed: {0} of {1}</source>
        <translation>Aufgegeben: {0} von {1}</translation>
    </message>
    <message>
        <source>{0} orders are placed.</source>
        <translation>{0} Bestellungen sind aufgegeben.</translation>
    </message>
    <message>
        <source>Another order has the name of: {0}. Give them new names.</source>
        <translation>Eine andere Bestellung heißt schon so: {0}. Bitte neue Namen geben.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
</context>
<context>
    <name>Importing</name>
    <message>
        <source>Import orders</source>
        <translation>Bestellungen importieren</translation>
    </message>
    <message>
        <source>Orders as CSV (*.csv *.txt)</source>
        <translation>Bestellungen als CSV (*.csv *.txt)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>KeyCaps</name>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
</context>
<context>
    <name>Language</name>
    <message>
        <source>order</source>
        <translation>Bestellung</translation>
    </message>
    <message>
        <source>product</source>
        <translation>Produkt</translation>
    </message>
    <message>
        <source>state</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>user</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>since</source>
        <translation>seit</translation>
    </message>
    <message>
        <source>before</source>
        <translation>vor</translation>
    </message>
    <message>
        <source>is</source>
        <translation>ist</translation>
    </message>
    <message>
        <source>unread</source>
        <translation>ungelesen</translation>
    </message>
    <message>
        <source>missed</source>
        <translation>verpasst</translation>
    </message>
    <message>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>today</source>
        <translation>heute</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>gestern</translation>
    </message>
    <message>
        <source>Only the first {0} words are looked for</source>
        <translation>Nur die ersten {0} Wörter werden gesucht</translation>
    </message>
    <message>
        <source>{0}: cannot be asked for here</source>
        <translation>Nach {0}: kann man hier nicht fragen</translation>
    </message>
    <message>
        <source>{0}: takes one word</source>
        <translation>{0}: nimmt nur ein Wort</translation>
    </message>
    <message>
        <source>{0} is no time: try 30min, 2h, 14:05, today or 2026-11-20</source>
        <translation>{0} ist keine Zeit: versuchen Sie 30min, 2h, 14:05, heute oder 2026-11-20</translation>
    </message>
    <message>
        <source>No row is {0}: try {1}</source>
        <translation>Keine Zeile ist {0}: versuchen Sie {1}</translation>
    </message>
    <message>
        <source>{0} is not looked for: type letters or figures</source>
        <translation>{0} wird nicht gesucht: bitte Buchstaben oder Ziffern eingeben</translation>
    </message>
    <message>
        <source>No state is called {0}: try {1}</source>
        <translation>Kein Zustand heißt {0}: versuchen Sie {1}</translation>
    </message>
</context>
<context>
    <name>LedgerModel</name>
    <message>
        <source>Opening</source>
        <translation>Eröffnung</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>Importiert</translation>
    </message>
    <message>
        <source>Restocked</source>
        <translation>Nachgefüllt</translation>
    </message>
    <message>
        <source>Adjusted</source>
        <translation>Berichtigt</translation>
    </message>
    <message>
        <source>Undone</source>
        <translation>Aufgehoben</translation>
    </message>
    <message>
        <source>Reserved</source>
        <translation>Reserviert</translation>
    </message>
    <message>
        <source>Released</source>
        <translation>Freigegeben</translation>
    </message>
    <message>
        <source>Shipped</source>
        <translation>Versandt</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>Rückgabe</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Produkt</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>On hand</source>
        <translation>Vorhanden</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Bestellung</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
</context>
<context>
    <name>LedgerPane</name>
    <message>
        <source>Stock ledger</source>
        <translation>Bestandsjournal</translation>
    </message>
    <message>
        <source>Undo posting</source>
        <translation>Buchung aufheben</translation>
    </message>
    <message>
        <source>By a counter-posting: the ledger forgets nothing</source>
        <translation>Durch eine Gegenbuchung: das Journal vergisst nichts</translation>
    </message>
    <message>
        <source>The ledger is empty</source>
        <translation>Das Journal ist leer</translation>
    </message>
    <message>
        <source>Each movement of stock stands here.</source>
        <translation>Jede Bewegung des Bestands steht hier.</translation>
    </message>
    <message>
        <source>Only {0}</source>
        <translation>Nur {0}</translation>
    </message>
    <message>
        <source>Only the chosen product</source>
        <translation>Nur das gewählte Produkt</translation>
    </message>
</context>
<context>
    <name>LinesModel</name>
    <message>
        <source>Product</source>
        <translation>Produkt</translation>
    </message>
    <message>
        <source>Asked</source>
        <translation>Bestellt</translation>
    </message>
    <message>
        <source>Reserved</source>
        <translation>Reserviert</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlt</translation>
    </message>
</context>
<context>
    <name>LiveTable</name>
    <message>
        <source>Show them</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>{0} new</source>
        <translation>{0} neu</translation>
    </message>
    <message>
        <source>Paused: {0} new</source>
        <translation>Angehalten: {0} neu</translation>
    </message>
</context>
<context>
    <name>LogLines</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
</context>
<context>
    <name>LogPanel</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Lowest level</source>
        <translation>Niedrigste Stufe</translation>
    </message>
    <message>
        <source>Search the log</source>
        <translation>Durchsuchen</translation>
    </message>
    <message>
        <source>Hide the log</source>
        <translation>Protokoll ausblenden</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Nothing logged</source>
        <translation>Nichts protokolliert</translation>
    </message>
    <message>
        <source>What the program does appears here.</source>
        <translation>Was das Programm tut, erscheint hier.</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>Like the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;New window as...</source>
        <translation>&amp;Neues Fenster als...</translation>
    </message>
    <message>
        <source>Name and &amp;colour...</source>
        <translation>Name und &amp;Farbe...</translation>
    </message>
    <message>
        <source>&amp;Stage for a demonstration</source>
        <translation>Bühne für eine &amp;Vorführung</translation>
    </message>
    <message>
        <source>C&amp;onnection...</source>
        <translation>V&amp;erbindung...</translation>
    </message>
    <message>
        <source>&amp;Preferences...</source>
        <translation>E&amp;instellungen...</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>F&amp;ind in this tab</source>
        <translation>In diesem Reiter s&amp;uchen</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Erscheinungsbild</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>S&amp;prache</translation>
    </message>
    <message>
        <source>&amp;Log</source>
        <translation>P&amp;rotokoll</translation>
    </message>
    <message>
        <source>&amp;Message flow</source>
        <translation>Weg der &amp;Nachrichten</translation>
    </message>
    <message>
        <source>Connection &amp;details</source>
        <translation>&amp;Verbindungsdetails</translation>
    </message>
    <message>
        <source>&amp;First steps</source>
        <translation>Erste &amp;Schritte</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Find anything...</source>
        <translation>&amp;Alles finden...</translation>
    </message>
    <message>
        <source>&amp;Keyboard</source>
        <translation>&amp;Tastatur</translation>
    </message>
    <message>
        <source>&amp;About Order Desk</source>
        <translation>&amp;Über Order Desk</translation>
    </message>
</context>
<context>
    <name>MessageView</name>
    <message>
        <source>The message as JSON</source>
        <translation>Die Nachricht als JSON</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Kopfdaten</translation>
    </message>
    <message>
        <source>Copy what is shown</source>
        <translation>Kopieren, was zu sehen ist</translation>
    </message>
    <message>
        <source>It came with an answer of the warehouse, not as a message of its own: it had no headers.</source>
        <translation>Sie kam mit einer Antwort des Lagers, nicht als eigene Nachricht: Sie hatte keine Kopfdaten.</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Name of the view</source>
        <translation>Name der Ansicht</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>NewWindowDialog</name>
    <message>
        <source>New window as...</source>
        <translation>Neues Fenster als...</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>A name, known or new</source>
        <translation>Ein Name, bekannt oder neu</translation>
    </message>
    <message>
        <source>A second window, where this user has one already</source>
        <translation>Ein zweites Fenster, wo der Benutzer schon eines hat</translation>
    </message>
    <message>
        <source>Open window</source>
        <translation>Fenster öffnen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Who works in the new window?</source>
        <translation>Wer arbeitet im neuen Fenster?</translation>
    </message>
    <message>
        <source>Each user has an own history, colour and notifications.</source>
        <translation>Jeder Benutzer hat eigenen Verlauf, eigene Farbe und Meldungen.</translation>
    </message>
</context>
<context>
    <name>NoticeDetails</name>
    <message>
        <source>Lines of the order</source>
        <translation>Positionen der Bestellung</translation>
    </message>
    <message>
        <source>What became of this order</source>
        <translation>Was aus dieser Bestellung wurde</translation>
    </message>
    <message>
        <source>Copy the order&apos;s id</source>
        <translation>Kennung der Bestellung kopieren</translation>
    </message>
    <message>
        <source>Close the details</source>
        <translation>Details schließen</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Bestellung</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Happened</source>
        <translation>Geschehen</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Order {0}</source>
        <translation>Bestellung {0}</translation>
    </message>
    <message>
        <source>{0}, asked for later</source>
        <translation>{0}, später erfragt</translation>
    </message>
</context>
<context>
    <name>NoticeMenu</name>
    <message>
        <source>The notice</source>
        <translation>Die Meldung</translation>
    </message>
    <message>
        <source>Only this order</source>
        <translation>Nur diese Bestellung</translation>
    </message>
    <message>
        <source>Only this state</source>
        <translation>Nur dieser Zustand</translation>
    </message>
    <message>
        <source>Only this user</source>
        <translation>Nur dieser Benutzer</translation>
    </message>
    <message>
        <source>Not this state</source>
        <translation>Nicht dieser Zustand</translation>
    </message>
    <message>
        <source>Mark as read</source>
        <translation>Als gelesen markieren</translation>
    </message>
</context>
<context>
    <name>NoticesModel</name>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Bestellung</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>Verpasst</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Happened</source>
        <translation>Geschehen</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>It came while nobody listened</source>
        <translation>Es kam, während niemand zuhörte</translation>
    </message>
</context>
<context>
    <name>NotificationsTab</name>
    <message>
        <source>Notifications</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Notices</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Start listening</source>
        <translation>Zuhören</translation>
    </message>
    <message>
        <source>Show all notices</source>
        <translation>Alle Meldungen zeigen</translation>
    </message>
    <message>
        <source>No notice matches</source>
        <translation>Keine Meldung passt</translation>
    </message>
    <message>
        <source>Try other words, or another state or time.</source>
        <translation>Andere Wörter, einen anderen Zustand oder andere Zeit versuchen.</translation>
    </message>
    <message>
        <source>No news yet</source>
        <translation>Noch keine Neuigkeiten</translation>
    </message>
    <message>
        <source>Not listening</source>
        <translation>Hört nicht zu</translation>
    </message>
    <message>
        <source>What the warehouse decides about your orders appears here.</source>
        <translation>Was das Lager über Ihre Bestellungen entscheidet, erscheint hier.</translation>
    </message>
    <message>
        <source>Export notices</source>
        <translation>Meldungen exportieren</translation>
    </message>
</context>
<context>
    <name>NotificationsToolbar</name>
    <message>
        <source>Whose notices</source>
        <translation>Wessen Meldungen</translation>
    </message>
    <message>
        <source>My notices</source>
        <translation>Meine Meldungen</translation>
    </message>
    <message>
        <source>Everyone&apos;s notices</source>
        <translation>Alle Meldungen</translation>
    </message>
    <message>
        <source>Mark all read</source>
        <translation>Alle gelesen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Hold new notices back; they are kept, and shown when you go on</source>
        <translation>Neue Meldungen zurückhalten; sie bleiben erhalten und erscheinen danach</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Write what is shown to a CSV or JSON file</source>
        <translation>Das Gezeigte in eine CSV- oder JSON-Datei schreiben</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>everyone</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Listening as {0}</source>
        <translation>Hört zu als {0}</translation>
    </message>
    <message>
        <source>Not listening for {0}</source>
        <translation>Hört nicht zu für {0}</translation>
    </message>
    <message>
        <source>Listening to {0}</source>
        <translation>Hört {0} zu</translation>
    </message>
    <message>
        <source>{0} found</source>
        <translation>{0} gefunden</translation>
    </message>
    <message>
        <source>{0} unread</source>
        <translation>{0} ungelesen</translation>
    </message>
    <message>
        <source>Mark {0} read</source>
        <translation>{0} gelesen</translation>
    </message>
</context>
<context>
    <name>Offers</name>
    <message>
        <source>Order the {0} that are free</source>
        <translation>Die {0} freien bestellen</translation>
    </message>
    <message>
        <source>Order what is free</source>
        <translation>Das Freie bestellen</translation>
    </message>
    <message>
        <source>Order {0} was refused</source>
        <translation>Bestellung {0} wurde abgelehnt</translation>
    </message>
    <message>
        <source>Repeat order {0}</source>
        <translation>Bestellung {0} wiederholen</translation>
    </message>
</context>
<context>
    <name>OrderDetails</name>
    <message>
        <source>Placed</source>
        <translation>Aufgegeben</translation>
    </message>
    <message>
        <source>Lines of the order</source>
        <translation>Positionen der Bestellung</translation>
    </message>
    <message>
        <source>History of the order</source>
        <translation>Verlauf der Bestellung</translation>
    </message>
    <message>
        <source>Really cancel?</source>
        <translation>Wirklich?</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>Stornieren</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Put the same lines into the basket</source>
        <translation>Dieselben Positionen in den Warenkorb legen</translation>
    </message>
    <message>
        <source>Copy the order&apos;s id</source>
        <translation>Kennung der Bestellung kopieren</translation>
    </message>
    <message>
        <source>Close the details</source>
        <translation>Details schließen</translation>
    </message>
    <message>
        <source>Order {0}</source>
        <translation>Bestellung {0}</translation>
    </message>
</context>
<context>
    <name>OrderForm</name>
    <message>
        <source>Send corrected</source>
        <translation>Berichtigt senden</translation>
    </message>
    <message>
        <source>As an order; this one is dropped</source>
        <translation>Als Bestellung; diese Nachricht wird verworfen</translation>
    </message>
    <message>
        <source>Lines of the order</source>
        <translation>Positionen der Bestellung</translation>
    </message>
    <message>
        <source>In the message: {0}</source>
        <translation>In der Nachricht: {0}</translation>
    </message>
    <message>
        <source>Refuse the order</source>
        <translation>Die Bestellung ablehnen</translation>
    </message>
    <message>
        <source>Send what there is, the rest waits</source>
        <translation>Senden, was da ist, der Rest wartet</translation>
    </message>
    <message>
        <source>Wait for all of it</source>
        <translation>Auf alles warten</translation>
    </message>
    <message>
        <source>It cannot be read as an order at all: there is nothing to fill a form with.</source>
        <translation>Sie ist gar nicht als Bestellung lesbar: es gibt nichts, womit sich ein Formular füllen ließe.</translation>
    </message>
    <message>
        <source>Send in my name</source>
        <translation>In meinem Namen senden</translation>
    </message>
    <message>
        <source>As an order of your own, with a new number; this one is dropped</source>
        <translation>Als eigene Bestellung mit neuer Nummer; diese hier wird verworfen</translation>
    </message>
</context>
<context>
    <name>OrderMenu</name>
    <message>
        <source>The order</source>
        <translation>Die Bestellung</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>Bestellung stornieren</translation>
    </message>
</context>
<context>
    <name>OrdersList</name>
    <message>
        <source>Find user, order, product</source>
        <translation>Benutzer, Bestellung, Produkt</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alle wählen</translation>
    </message>
    <message>
        <source>Reason, told to the user</source>
        <translation>Grund, für den Benutzer</translation>
    </message>
    <message>
        <source>{0} selected</source>
        <translation>{0} gewählt</translation>
    </message>
</context>
<context>
    <name>OrdersModel</name>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>cancelling</source>
        <translation>wird storniert</translation>
    </message>
    <message>
        <source>missing: {0}</source>
        <translation>fehlt: {0}</translation>
    </message>
    <message>
        <source>Placed</source>
        <translation>Aufgegeben</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Gesamt</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
</context>
<context>
    <name>OrdersPane</name>
    <message>
        <source>Find in my orders</source>
        <translation>Bestellung suchen</translation>
    </message>
    <message>
        <source>My orders</source>
        <translation>Meine Bestellungen</translation>
    </message>
    <message>
        <source>State of the order</source>
        <translation>Zustand der Bestellung</translation>
    </message>
    <message>
        <source>Any state</source>
        <translation>Jeder Zustand</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Place many orders from a CSV file; you see them first</source>
        <translation>Viele Bestellungen aus einer CSV-Datei aufgeben; Sie sehen sie zuerst</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Write what is shown to a CSV or JSON file</source>
        <translation>Das Gezeigte in eine CSV- oder JSON-Datei schreiben</translation>
    </message>
    <message>
        <source>Show all orders</source>
        <translation>Alle Bestellungen zeigen</translation>
    </message>
    <message>
        <source>No order matches</source>
        <translation>Keine Bestellung passt</translation>
    </message>
    <message>
        <source>No orders yet</source>
        <translation>Noch keine Bestellungen</translation>
    </message>
    <message>
        <source>Try other words, or another state.</source>
        <translation>Andere Wörter oder einen anderen Zustand versuchen.</translation>
    </message>
    <message>
        <source>What you place appears here, and what becomes of it.</source>
        <translation>Was Sie bestellen, erscheint hier, und was daraus wird.</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>What the warehouse does</source>
        <translation>Was das Lager tut</translation>
    </message>
    <message>
        <source>Incoming</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source>Orders as they come, with what was decided</source>
        <translation>Bestellungen, wie sie kommen, mit der Entscheidung</translation>
    </message>
    <message>
        <source>To ship</source>
        <translation>Zu versenden</translation>
    </message>
    <message>
        <source>Orders whose stock is reserved</source>
        <translation>Bestellungen, deren Ware reserviert ist</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Orders that wait for stock</source>
        <translation>Bestellungen, die auf Ware warten</translation>
    </message>
    <message>
        <source>Shipped</source>
        <translation>Versandt</translation>
    </message>
    <message>
        <source>Orders that have left; take back what is returned</source>
        <translation>Bestellungen, die das Lager verlassen haben; zurücknehmen, was zurückkommt</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>Beiseitegelegt</translation>
    </message>
    <message>
        <source>Messages that could not be taken</source>
        <translation>Nachrichten, die nicht angenommen werden konnten</translation>
    </message>
    <message>
        <source>Ledger</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Every movement of stock</source>
        <translation>Jede Bewegung des Bestands</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Find anything</source>
        <translation>Alles finden</translation>
    </message>
    <message>
        <source>An action, a product, an order, a setting</source>
        <translation>Eine Aktion, ein Produkt, eine Bestellung, eine Einstellung</translation>
    </message>
    <message>
        <source>What to find</source>
        <translation>Was zu finden ist</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Was gefunden wurde</translation>
    </message>
    <message>
        <source>Nothing matches.</source>
        <translation>Nichts passt.</translation>
    </message>
    <message>
        <source>action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>button</source>
        <translation>Knopf</translation>
    </message>
    <message>
        <source>page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>view</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>into the basket</source>
        <translation>in den Warenkorb</translation>
    </message>
    <message>
        <source>setting</source>
        <translation>Einstellung</translation>
    </message>
</context>
<context>
    <name>Phrases</name>
    <message>
        <source>&apos;{codec}&apos; codec can&apos;t decode byte {byte} in position {position}: {what}</source>
        <translation>Byte {byte} an Stelle {position} ist kein {codec}: {what}</translation>
    </message>
    <message>
        <source>(its log is empty)</source>
        <translation>(sein Protokoll ist leer)</translation>
    </message>
    <message>
        <source>A client has heard of event {after}, and these books end with event {upto}: they may be an older copy. Bring the newer ones back if you have them.</source>
        <translation>Ein Kunde kennt schon Ereignis {after}, und diese Bücher enden mit Ereignis {upto}: Sie sind vielleicht eine ältere Kopie. Holen Sie die neueren zurück, wenn Sie sie haben.</translation>
    </message>
    <message>
        <source>A correction is 1 to {most_stock} units up or down, not {delta}.</source>
        <translation>Eine Berichtigung ist 1 bis {most_stock} Stück nach oben oder unten, nicht {delta}.</translation>
    </message>
    <message>
        <source>A delivery is 1 to {most_stock} units, not {quantity}.</source>
        <translation>Eine Lieferung hat 1 bis {most_stock} Stück, nicht {quantity}.</translation>
    </message>
    <message>
        <source>A listener that hears nothing, or a queue that an account has left behind, fills RabbitMQ.</source>
        <translation>Ein Zuhörer, der nichts abnimmt, oder eine Queue, die ein Konto zurückgelassen hat, füllt RabbitMQ.</translation>
    </message>
    <message>
        <source>A message of type {found} does not belong here, only {wanted} does.</source>
        <translation>Eine Nachricht der Art „{found}“ gehört nicht hierher, nur „{wanted}“.</translation>
    </message>
    <message>
        <source>A queue was deleted: {queue}. It is made anew.</source>
        <translation>Eine Queue wurde gelöscht: {queue}. Sie wird neu angelegt.</translation>
    </message>
    <message>
        <source>A threshold is 0 to {most_stock} units, not {threshold}.</source>
        <translation>Eine Schwelle ist 0 bis {most_stock} Stück, nicht {threshold}.</translation>
    </message>
    <message>
        <source>An account may make queues in this virtual host without end.</source>
        <translation>Ein Konto darf in diesem Virtual Host endlos Queues anlegen.</translation>
    </message>
    <message>
        <source>An address begins with amqp:// or amqps://.</source>
        <translation>Eine Adresse beginnt mit amqp:// oder amqps://.</translation>
    </message>
    <message>
        <source>An error has ended it: it starts again.</source>
        <translation>Ein Fehler hat sie beendet: Sie startet neu.</translation>
    </message>
    <message>
        <source>An order has at most {max_lines} lines, this one has {checked}: split it.</source>
        <translation>Eine Bestellung hat höchstens {max_lines} Positionen, diese hat {checked}: bitte aufteilen.</translation>
    </message>
    <message>
        <source>An order has at most {max_lines} lines: place this one first.</source>
        <translation>Eine Bestellung hat höchstens {max_lines} Positionen: bitte erst diese aufgeben.</translation>
    </message>
    <message>
        <source>An order needs at least one line: add a product.</source>
        <translation>Eine Bestellung braucht mindestens eine Position: bitte ein Produkt hinzufügen.</translation>
    </message>
    <message>
        <source>Another consumer of {queue} refused it.</source>
        <translation>Ein anderer Consumer von {queue} hat sie abgelehnt.</translation>
    </message>
    <message>
        <source>Another order was placed under this id: give it a new one.</source>
        <translation>Unter dieser Kennung wurde schon eine andere Bestellung aufgegeben: bitte eine neue geben.</translation>
    </message>
    <message>
        <source>Another order with this identity and other content came before.</source>
        <translation>Zuvor kam eine andere Bestellung mit dieser Kennung und anderem Inhalt.</translation>
    </message>
    <message>
        <source>Another warehouse with other books ({first}) answers at this RabbitMQ: its stock and notices are not taken, those of the books followed here ({mine}) are. If it is meant, take over there: in the menu of its page, or once with `python3 -m messaging warehouse --take-over`.</source>
        <translation>Ein anderes Lager mit anderen Büchern ({first}) antwortet an diesem RabbitMQ: Sein Bestand und seine Meldungen werden nicht genommen, die der Bücher, denen hier gefolgt wird ({mine}), schon. Ist das so gewollt, übernehmen Sie dort: im Menü seiner Seite, oder einmal mit `python3 -m messaging warehouse --take-over`.</translation>
    </message>
    <message>
        <source>Connected to {url}</source>
        <translation>Verbunden mit {url}</translation>
    </message>
    <message>
        <source>Connecting to {url}</source>
        <translation>Verbindet mit {url}</translation>
    </message>
    <message>
        <source>Connection refused</source>
        <translation>Verbindung abgelehnt</translation>
    </message>
    <message>
        <source>Connection reset by peer</source>
        <translation>Verbindung von der Gegenstelle beendet</translation>
    </message>
    <message>
        <source>Connection timed out</source>
        <translation>Zeit für die Verbindung abgelaufen</translation>
    </message>
    <message>
        <source>Database not reachable: {reason} Orders wait in RabbitMQ until it is.</source>
        <translation>Datenbank nicht erreichbar: {reason} Bestellungen warten so lange in RabbitMQ.</translation>
    </message>
    <message>
        <source>Durable queues with a listener&apos;s name, which stay when their maker has gone: {left}, one of them {left_}.</source>
        <translation>Dauerhafte Queues mit dem Namen eines Zuhörers, die bleiben, wenn ihr Ersteller gegangen ist: {left}, eine davon {left_}.</translation>
    </message>
    <message>
        <source>Expected `{wanted}`</source>
        <translation>Erwartet wird `{wanted}`</translation>
    </message>
    <message>
        <source>Expected `{wanted}` - at `{path}`</source>
        <translation>Erwartet wird `{wanted}` – bei `{path}`</translation>
    </message>
    <message>
        <source>Expected `{wanted}`, got `{got}`</source>
        <translation>Erwartet wird `{wanted}`, gekommen ist `{got}`</translation>
    </message>
    <message>
        <source>Expected `{wanted}`, got `{got}` - at `{path}`</source>
        <translation>Erwartet wird `{wanted}`, gekommen ist `{got}` – bei `{path}`</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>Datei ist schon vorhanden</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>Dateiname zu lang</translation>
    </message>
    <message>
        <source>Hostname mismatch, certificate is not valid for &apos;{host}&apos;</source>
        <translation>es gilt nicht für den Namen {host}</translation>
    </message>
    <message>
        <source>Input data was truncated</source>
        <translation>Die Nachricht bricht ab</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>Ein-/Ausgabefehler</translation>
    </message>
    <message>
        <source>Invalid IPv6 URL</source>
        <translation>keine gültige IPv6-Adresse</translation>
    </message>
    <message>
        <source>Invalid enum value {value}</source>
        <translation>Diesen Wert gibt es nicht: {value}</translation>
    </message>
    <message>
        <source>Invalid enum value {value} - at `{path}`</source>
        <translation>Diesen Wert gibt es nicht: {value} – bei `{path}`</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>Ist ein Ordner</translation>
    </message>
    <message>
        <source>It asks for an answer to {reply_to}, and only RabbitMQ&apos;s direct reply-to is answered.</source>
        <translation>Sie will eine Antwort an „{reply_to}“, und beantwortet wird nur über RabbitMQs Direct Reply-to.</translation>
    </message>
    <message>
        <source>It has {length} bytes.</source>
        <translation>Sie hat {length} Bytes.</translation>
    </message>
    <message>
        <source>It is a classic queue, and from RabbitMQ 3.13 on those confirm before the message is on disk: a power cut could take accepted orders. A quorum queue, by the virtual host&apos;s default queue type, could not lose them.</source>
        <translation>Es ist eine klassische Queue, und die bestätigen ab RabbitMQ 3.13, bevor die Nachricht auf der Platte ist: Ein Stromausfall könnte angenommene Bestellungen kosten. Eine Quorum-Queue, als Standardart des virtuellen Hosts, könnte sie nicht verlieren.</translation>
    </message>
    <message>
        <source>It is missing: messages with this key go nowhere.</source>
        <translation>Fehlt: Nachrichten mit diesem Schlüssel gehen ins Leere.</translation>
    </message>
    <message>
        <source>It is missing; {wanted} is wanted.</source>
        <translation>Fehlt; gebraucht wird {wanted}.</translation>
    </message>
    <message>
        <source>It is there, but not {wanted}: {refused}</source>
        <translation>Ist da, aber nicht {wanted}: {refused}</translation>
    </message>
    <message>
        <source>It ran out of time in {queue}.</source>
        <translation>Ihre Zeit in {queue} lief ab.</translation>
    </message>
    <message>
        <source>It was dead-lettered from {queue}.</source>
        <translation>Sie wurde aus {queue} ausgesondert.</translation>
    </message>
    <message>
        <source>It was given out of {queue} too often and never acknowledged: it may bring down whatever takes it.</source>
        <translation>Sie wurde aus {queue} zu oft ausgegeben und nie quittiert: Sie bringt womöglich zu Fall, was sie annimmt.</translation>
    </message>
    <message>
        <source>It was sent by {sender} in the name of {user_id}.</source>
        <translation>Sie wurde von „{sender}“ im Namen von „{user_id}“ gesendet.</translation>
    </message>
    <message>
        <source>JSON is malformed: {what} (byte {byte})</source>
        <translation>Das JSON ist fehlerhaft: {what} (Byte {byte})</translation>
    </message>
    <message>
        <source>Messages of the warehouse itself came back into its queues and were dropped: {count}. Somebody has bound exchanges or dead-letters a queue into them; to see which, run: {doctor}</source>
        <translation>Nachrichten des Lagers selbst kamen in seine Queues zurück und wurden verworfen: {count}. Jemand hat Exchanges oder das Dead-Lettering einer Queue dorthin gelenkt; welche, zeigt: {doctor}</translation>
    </message>
    <message>
        <source>Name or service not known</source>
        <translation>Name nicht bekannt</translation>
    </message>
    <message>
        <source>Network is unreachable</source>
        <translation>Netz nicht erreichbar</translation>
    </message>
    <message>
        <source>No address associated with hostname</source>
        <translation>zu diesem Namen gibt es keine Adresse</translation>
    </message>
    <message>
        <source>No database {drivername} here: use sqlite:///FILE or postgresql://HOST/NAME.</source>
        <translation>Die Datenbank „{drivername}“ geht hier nicht: sqlite:///DATEI oder postgresql://RECHNER/NAME verwenden.</translation>
    </message>
    <message>
        <source>No policy sets it: {harm}</source>
        <translation>Keine Richtlinie legt es fest: {harm}</translation>
    </message>
    <message>
        <source>No policy sets them: {harm}</source>
        <translation>Keine Policy setzt sie: {harm}</translation>
    </message>
    <message>
        <source>No route to host</source>
        <translation>Kein Weg zu diesem Rechner</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>Kein Platz mehr auf dem Datenträger</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>Ist kein Ordner</translation>
    </message>
    <message>
        <source>Nothing is set aside under number {row}.</source>
        <translation>Unter Nummer {row} ist nichts beiseitegelegt.</translation>
    </message>
    <message>
        <source>Nothing listens at {host}:{port}: {strerror}.</source>
        <translation>An {host}:{port} nimmt niemand an: {strerror}.</translation>
    </message>
    <message>
        <source>Nothing listens at {where}: is RabbitMQ running there?</source>
        <translation>An {where} nimmt niemand an: Läuft RabbitMQ dort?</translation>
    </message>
    <message>
        <source>Number {row} is not sent again: {reason}</source>
        <translation>Nummer {row} wird nicht erneut gesendet: {reason}</translation>
    </message>
    <message>
        <source>Number {row} is {state}: it cannot become {to}.</source>
        <translation>Nummer {row} ist {state} und kann nicht {to} werden.</translation>
    </message>
    <message>
        <source>Number {row} of the ledger is not a posting by hand: only those can be undone.</source>
        <translation>Nummer {row} des Journals ist keine Buchung von Hand: Nur solche lassen sich aufheben.</translation>
    </message>
    <message>
        <source>Number {row} of the ledger is undone already.</source>
        <translation>Nummer {row} des Journals ist schon aufgehoben.</translation>
    </message>
    <message>
        <source>Object missing required field `{field}`</source>
        <translation>Das Feld `{field}` fehlt</translation>
    </message>
    <message>
        <source>Object missing required field `{field}` - at `{path}`</source>
        <translation>Das Feld `{field}` fehlt – bei `{path}`</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>Nicht erlaubt</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>Kein Zugriff</translation>
    </message>
    <message>
        <source>Port could not be cast to integer value as {port}</source>
        <translation>„{port}“ ist keine Portnummer</translation>
    </message>
    <message>
        <source>Port out of range 0-65535</source>
        <translation>Ein Port ist eine Zahl von 0 bis 65535</translation>
    </message>
    <message>
        <source>PostgreSQL needs its driver: pip install &apos;order-desk[postgres]&apos;.</source>
        <translation>PostgreSQL braucht seinen Treiber: pip install &apos;order-desk[postgres]&apos;.</translation>
    </message>
    <message>
        <source>Qt cannot go on: {message}; the log says more.</source>
        <translation>Qt kann nicht weiter: {message}; mehr steht im Log.</translation>
    </message>
    <message>
        <source>Quantity of {name}: use a whole number from 1 to {max_quantity}, not {quantity}.</source>
        <translation>Menge von {name}: eine ganze Zahl von 1 bis {max_quantity} angeben, nicht „{quantity}“.</translation>
    </message>
    <message>
        <source>RabbitMQ at {where} did not answer any more: it is frozen, or the network is cut.</source>
        <translation>RabbitMQ an {where} antwortete nicht mehr: Er ist eingefroren, oder das Netz ist unterbrochen.</translation>
    </message>
    <message>
        <source>RabbitMQ at {where} does not answer: is it frozen or overloaded?</source>
        <translation>RabbitMQ an {where} antwortet nicht: Ist er eingefroren oder überlastet?</translation>
    </message>
    <message>
        <source>RabbitMQ at {where} does not let {user} into the virtual host {vhost}: does it exist, has the user rights?</source>
        <translation>RabbitMQ an {where} lässt {user} nicht in den virtuellen Host {vhost}: Gibt es ihn, hat der Benutzer Rechte?</translation>
    </message>
    <message>
        <source>RabbitMQ at {where} refused the login of {user}: check name and password.</source>
        <translation>RabbitMQ an {where} hat die Anmeldung von {user} abgelehnt: bitte Name und Passwort prüfen.</translation>
    </message>
    <message>
        <source>RabbitMQ cannot be reached now: nothing was sent.</source>
        <translation>RabbitMQ ist jetzt nicht erreichbar: Nichts wurde gesendet.</translation>
    </message>
    <message>
        <source>RabbitMQ cannot be reached: {reason}</source>
        <translation>RabbitMQ ist nicht erreichbar: {reason}</translation>
    </message>
    <message>
        <source>RabbitMQ closed the connection: {reply_code} {text}</source>
        <translation>RabbitMQ hat die Verbindung geschlossen: {reply_code} {text}</translation>
    </message>
    <message>
        <source>RabbitMQ did not take it: it stays set aside. Is its queue there? The doctor tells.</source>
        <translation>RabbitMQ hat sie nicht genommen: Sie bleibt beiseitegelegt. Ist ihre Queue da? Die Prüfung der Verbindung sagt es.</translation>
    </message>
    <message>
        <source>RabbitMQ did not take the order: is its queue there? The doctor tells.</source>
        <translation>RabbitMQ hat die Bestellung nicht genommen: Ist ihre Queue da? Die Prüfung der Verbindung sagt es.</translation>
    </message>
    <message>
        <source>RabbitMQ does not say who sent it, and only orders of users with an account are taken (senders=vouched).</source>
        <translation>RabbitMQ sagt nicht, wer sie gesendet hat, und nur Bestellungen von Benutzern mit Konto werden genommen (senders=vouched).</translation>
    </message>
    <message>
        <source>RabbitMQ ended by itself ({code}); starting again in {pause} s</source>
        <translation>RabbitMQ endete von selbst ({code}); neuer Start in {pause} s</translation>
    </message>
    <message>
        <source>RabbitMQ had dead-lettered it, and it was not sent again from here.</source>
        <translation>RabbitMQ hatte sie ausgesondert, und sie wurde nicht von hier erneut gesendet.</translation>
    </message>
    <message>
        <source>RabbitMQ has lost accepted orders: {orders} of which nothing was heard are sent again.</source>
        <translation>RabbitMQ hat angenommene Bestellungen verloren: {orders}, von denen nichts zu hören war, werden noch einmal gesendet.</translation>
    </message>
    <message>
        <source>RabbitMQ has no queue bound for orders: start the warehouse, or run the doctor.</source>
        <translation>RabbitMQ hat keine Queue für Bestellungen: das Lager starten oder die Verbindung prüfen.</translation>
    </message>
    <message>
        <source>RabbitMQ is not installed: install rabbitmq-server (Debian, Ubuntu: apt install rabbitmq-server; macOS: brew install rabbitmq), or give the address of a running one with --broker.</source>
        <translation>RabbitMQ ist nicht installiert: rabbitmq-server installieren (Debian, Ubuntu: apt install rabbitmq-server; macOS: brew install rabbitmq), oder mit --broker die Adresse eines laufenden angeben.</translation>
    </message>
    <message>
        <source>RabbitMQ is ready at 127.0.0.1:{amqp}</source>
        <translation>RabbitMQ ist bereit an 127.0.0.1:{amqp}</translation>
    </message>
    <message>
        <source>RabbitMQ is restarted by command</source>
        <translation>RabbitMQ wird auf Befehl neu gestartet</translation>
    </message>
    <message>
        <source>RabbitMQ is starting</source>
        <translation>RabbitMQ startet</translation>
    </message>
    <message>
        <source>RabbitMQ is starting ({seconds} s; usually 8)</source>
        <translation>RabbitMQ startet ({seconds} s; üblich sind 8)</translation>
    </message>
    <message>
        <source>RabbitMQ is starting again</source>
        <translation>RabbitMQ startet neu</translation>
    </message>
    <message>
        <source>RabbitMQ is stopped by command</source>
        <translation>RabbitMQ wird auf Befehl beendet</translation>
    </message>
    <message>
        <source>RabbitMQ is stopping</source>
        <translation>RabbitMQ wird beendet</translation>
    </message>
    <message>
        <source>RabbitMQ lets {user} open no more ({reached}): close what is not needed, or ask its operator.</source>
        <translation>RabbitMQ lässt {user} nicht mehr öffnen ({reached}): Schließen Sie, was nicht gebraucht wird, oder fragen Sie den Betreiber.</translation>
    </message>
    <message>
        <source>RabbitMQ refused the order for now: its queue is full.</source>
        <translation>RabbitMQ nimmt die Bestellung zurzeit nicht an: Ihre Queue ist voll.</translation>
    </message>
    <message>
        <source>RabbitMQ refused: {code} {text}</source>
        <translation>RabbitMQ hat abgelehnt: {code} {text}</translation>
    </message>
    <message>
        <source>RabbitMQ takes no message as large as this: cancel the order and split it, or have max_message_size raised.</source>
        <translation>So große Nachrichten nimmt RabbitMQ nicht: Stornieren Sie die Bestellung und teilen Sie sie auf, oder lassen Sie max_message_size erhöhen.</translation>
    </message>
    <message>
        <source>RabbitMQ takes no message of more than {large} bytes (max_message_size).</source>
        <translation>RabbitMQ nimmt keine Nachricht über {large} Bytes (max_message_size).</translation>
    </message>
    <message>
        <source>RabbitMQ takes no messages for now: {reason}</source>
        <translation>RabbitMQ nimmt zurzeit keine Nachrichten an: {reason}</translation>
    </message>
    <message>
        <source>RabbitMQ&apos;s management at {where} does not answer: {error}</source>
        <translation>Die Verwaltung von RabbitMQ an {where} antwortet nicht: {error}</translation>
    </message>
    <message>
        <source>RabbitMQ&apos;s management at {where} refused {method} {path}: {answer}</source>
        <translation>Die Verwaltung von RabbitMQ an {where} hat {method} {path} abgelehnt: {answer}</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>Datenträger ist schreibgeschützt</translation>
    </message>
    <message>
        <source>SQLite keeps {name} at {got}, {value} is needed: close what uses the database.</source>
        <translation>SQLite lässt {name} auf {got}, gebraucht wird {value}: bitte schließen, was die Datenbank benutzt.</translation>
    </message>
    <message>
        <source>SQLite {sqlite_version} is too old: use a Python with 3.37 or later.</source>
        <translation>SQLite {sqlite_version} ist zu alt: Es braucht ein Python mit 3.37 oder neuer.</translation>
    </message>
    <message>
        <source>Somebody has bound it, with the key {key}: copies go there, and a queue must be emptied by whoever made it.</source>
        <translation>Jemand hat sie mit dem Schlüssel „{key}“ gebunden: Kopien gehen dorthin, und leeren muss die Queue, wer sie angelegt hat.</translation>
    </message>
    <message>
        <source>Somebody has bound it, with the key {key}: it routes what {source} gets into {destination}.</source>
        <translation>Jemand hat sie mit dem Schlüssel „{key}“ gebunden: Was {source} bekommt, geht auch an {destination}.</translation>
    </message>
    <message>
        <source>Somebody has bound it, with the key {key}: what does not belong there comes into our queue.</source>
        <translation>Jemand hat sie mit dem Schlüssel „{key}“ gebunden: So kommt in unsere Queue, was nicht hineingehört.</translation>
    </message>
    <message>
        <source>Temporary failure in name resolution</source>
        <translation>Namen lassen sich zurzeit nicht auflösen</translation>
    </message>
    <message>
        <source>The address cannot be read: {error}.</source>
        <translation>Die Adresse ist nicht lesbar: {error}.</translation>
    </message>
    <message>
        <source>The books must be kept in a file: use sqlite:///FILE.</source>
        <translation>Die Bücher müssen in einer Datei liegen: sqlite:///DATEI verwenden.</translation>
    </message>
    <message>
        <source>The broker&apos;s URL cannot be read: {error}</source>
        <translation>Die URL von RabbitMQ ist nicht lesbar: {error}</translation>
    </message>
    <message>
        <source>It does not answer with TLS: {reason}.</source>
        <translation>Er antwortet nicht mit TLS: {reason}.</translation>
    </message>
    <message>
        <source>1 cancellation</source>
        <translation>1 Storno</translation>
    </message>
    <message>
        <source>1 order</source>
        <translation>1 Bestellung</translation>
    </message>
    <message>
        <source>A price is 0.00 to {most_price}, not {price}.</source>
        <translation>Ein Preis ist 0.00 bis {most_price}, nicht {price}.</translation>
    </message>
    <message>
        <source>A queue was deleted, or its node is down: {queues}.</source>
        <translation>Eine Queue wurde gelöscht, oder ihr Knoten läuft nicht: {queues}.</translation>
    </message>
    <message>
        <source>A stock is 0 to {most_stock} units, not {stock}.</source>
        <translation>Ein Bestand ist 0 bis {most_stock} Stück, nicht {stock}.</translation>
    </message>
    <message>
        <source>A warehouse with other books ({first}) has taken over: those are followed from now on.</source>
        <translation>Ein Lager mit anderen Büchern ({first}) hat übernommen: Von jetzt an gelten diese.</translation>
    </message>
    <message>
        <source>IP address mismatch, certificate is not valid for &apos;{host}&apos;</source>
        <translation>es gilt nicht für die Adresse {host}</translation>
    </message>
    <message>
        <source>It had crashed, and crashed again after a restart of the node: a message in it does that, expired or refused by others. So it was deleted and made anew, and what was in it is gone. Orders in it without an outcome are sent again by their clients, within some minutes of their running beside a warehouse; orders of other programs must be sent again there.</source>
        <translation>Sie war abgestürzt, und nach einem Neustart des Knotens noch einmal: Das tut eine Nachricht in ihr, abgelaufen oder von anderen abgelehnt. Darum wurde sie gelöscht und neu angelegt, und was in ihr war, ist weg. Bestellungen darin ohne Ergebnis senden ihre Kunden noch einmal, einige Minuten nachdem sie neben einem Lager laufen; Bestellungen anderer Programme müssen dort noch einmal gesendet werden.</translation>
    </message>
    <message>
        <source>It had crashed; a restart of the node has brought it back with what was in it.</source>
        <translation>Sie war abgestürzt; ein Neustart des Knotens hat sie mit allem darin zurückgebracht.</translation>
    </message>
    <message>
        <source>It has crashed in RabbitMQ and is served by nobody. What is in it lies on disk; a restart of the node brings it back, unless a message in it crashes it again.</source>
        <translation>Sie ist in RabbitMQ abgestürzt und wird von niemandem bedient. Was in ihr ist, liegt auf der Platte; ein Neustart des Knotens bringt sie zurück, wenn nicht eine Nachricht in ihr sie wieder abstürzen lässt.</translation>
    </message>
    <message>
        <source>RabbitMQ has lost an accepted order: nothing was heard of it, and it is sent again.</source>
        <translation>RabbitMQ hat eine angenommene Bestellung verloren: Von ihr war nichts zu hören, und sie wird noch einmal gesendet.</translation>
    </message>
    <message>
        <source>SSL_CERT_FILE names {named}, which is no file: name the file of its authority (CA)</source>
        <translation>SSL_CERT_FILE nennt {named}, und das ist keine Datei: die Datei seiner Zertifizierungsstelle (CA) nennen</translation>
    </message>
    <message>
        <source>SSL_CERT_FILE names {named}: put its authority (CA) there</source>
        <translation>SSL_CERT_FILE nennt {named}: seine Zertifizierungsstelle (CA) dort eintragen</translation>
    </message>
    <message>
        <source>Somebody tells of orders what the warehouse does not know: {doubted} orders are looked up again. Whoever is no warehouse must not be able to publish notices.</source>
        <translation>Jemand meldet über Bestellungen, was das Lager nicht weiß: {doubted} Bestellungen werden noch einmal nachgesehen. Wer kein Lager ist, darf keine Meldungen senden können.</translation>
    </message>
    <message>
        <source>The books are being brought to this version of Order Desk: large ones take minutes. Nothing is lost where that is interrupted.</source>
        <translation>Die Bücher werden auf diese Version von Order Desk gebracht: Bei großen dauert das Minuten. Wird es unterbrochen, geht nichts verloren.</translation>
    </message>
    <message>
        <source>The books are damaged: {what}; see `audit`, or bring back a copy. The log has the details.</source>
        <translation>Die Bücher sind beschädigt: {what}; sehen Sie `audit`, oder holen Sie eine Kopie zurück. Einzelheiten stehen im Log.</translation>
    </message>
    <message>
        <source>The certificate of RabbitMQ at {where} {what}: {remedy}.</source>
        <translation>Das Zertifikat von RabbitMQ an {where} {what}: {remedy}.</translation>
    </message>
    <message>
        <source>The certificate {what}: {reason}.</source>
        <translation>Das Zertifikat {what}: {reason}.</translation>
    </message>
    <message>
        <source>The connection to RabbitMQ at {where} was lost while logging in.</source>
        <translation>Die Verbindung zu RabbitMQ an {where} ging beim Anmelden verloren.</translation>
    </message>
    <message>
        <source>The connection to RabbitMQ at {where} was lost: {why}</source>
        <translation>Die Verbindung zu RabbitMQ an {where} ging verloren: {why}</translation>
    </message>
    <message>
        <source>The connection to RabbitMQ has been closed.</source>
        <translation>Die Verbindung zu RabbitMQ wurde geschlossen.</translation>
    </message>
    <message>
        <source>The connection to RabbitMQ went: whether it arrived is not known. To send it once more does no harm.</source>
        <translation>Die Verbindung zu RabbitMQ ging verloren: Ob sie ankam, ist nicht bekannt. Sie noch einmal zu senden schadet nicht.</translation>
    </message>
    <message>
        <source>The connection to RabbitMQ went: whether the order arrived is not known. Send it again.</source>
        <translation>Die Verbindung zu RabbitMQ ging verloren: Ob die Bestellung ankam, ist nicht bekannt. Bitte noch einmal senden.</translation>
    </message>
    <message>
        <source>The database holds tables that are not Order Desk&apos;s ({named}): choose another for the books.</source>
        <translation>Die Datenbank enthält Tabellen, die nicht von Order Desk sind ({named}): Bitte eine andere für die Bücher wählen.</translation>
    </message>
    <message>
        <source>The database was made by a newer Order Desk: update this one.</source>
        <translation>Die Datenbank stammt von einem neueren Order Desk: bitte dieses hier aktualisieren.</translation>
    </message>
    <message>
        <source>The database {title} cannot be opened: {strerror}.</source>
        <translation>Die Datenbank {title} lässt sich nicht öffnen: {strerror}.</translation>
    </message>
    <message>
        <source>The database {title} cannot be used now: {why}.</source>
        <translation>Die Datenbank {title} ist jetzt nicht benutzbar: {why}.</translation>
    </message>
    <message>
        <source>The database {title} {remedy}.</source>
        <translation>Die Datenbank {title} {remedy}.</translation>
    </message>
    <message>
        <source>The database&apos;s URL is not one: use sqlite:///FILE or postgresql://HOST/NAME.</source>
        <translation>Das ist keine URL einer Datenbank: sqlite:///DATEI oder postgresql://RECHNER/NAME verwenden.</translation>
    </message>
    <message>
        <source>The folder {parent} cannot be used: {strerror}.</source>
        <translation>Der Ordner {parent} ist nicht benutzbar: {strerror}.</translation>
    </message>
    <message>
        <source>The history is being brought to this version of Order Desk: a large one takes minutes. Nothing is lost where that is interrupted.</source>
        <translation>Der Verlauf wird auf diese Version von Order Desk gebracht: Bei einem großen dauert das Minuten. Wird es unterbrochen, geht nichts verloren.</translation>
    </message>
    <message>
        <source>The history {name} is damaged: {what}. Move it aside and start again, or put a copy back.</source>
        <translation>Der Verlauf {name} ist beschädigt: {what}. Legen Sie ihn beiseite und starten Sie neu, oder spielen Sie eine Kopie zurück.</translation>
    </message>
    <message>
        <source>The history {path} {remedy}.</source>
        <translation>Der Verlauf {path} {remedy}.</translation>
    </message>
    <message>
        <source>The keeper of the private RabbitMQ could not start: {last}</source>
        <translation>Der Hüter des eigenen RabbitMQ konnte nicht starten: {last}</translation>
    </message>
    <message>
        <source>The keeper of the private RabbitMQ ended. The end of {supervisor_log}:</source>
        <translation>Der Hüter des eigenen RabbitMQ endete. Das Ende von {supervisor_log}:</translation>
    </message>
    <message>
        <source>The log {path} cannot be written: {strerror}.</source>
        <translation>Das Protokoll {path} lässt sich nicht schreiben: {strerror}.</translation>
    </message>
    <message>
        <source>The management API does not answer.</source>
        <translation>Die Verwaltung von RabbitMQ antwortet nicht.</translation>
    </message>
    <message>
        <source>The name of {where} cannot be resolved: check the host in the broker&apos;s URL.</source>
        <translation>Der Name von {where} lässt sich nicht auflösen: bitte den Rechner in der URL von RabbitMQ prüfen.</translation>
    </message>
    <message>
        <source>The node {node} of the cluster, which alone holds {queue}, is down: orders wait until it is back.</source>
        <translation>Der Knoten {node} des Clusters, der {queue} allein hat, läuft nicht: Bestellungen warten, bis er wieder da ist.</translation>
    </message>
    <message>
        <source>The order has not come yet.</source>
        <translation>Die Bestellung ist noch nicht gekommen.</translation>
    </message>
    <message>
        <source>The private RabbitMQ was not ready after {timeout} s: {words}</source>
        <translation>Der eigene RabbitMQ war nach {timeout} s nicht bereit: {words}</translation>
    </message>
    <message>
        <source>The private RabbitMQ was stopped by command; start it with: {start}</source>
        <translation>Der eigene RabbitMQ wurde auf Befehl beendet; starten mit: {start}</translation>
    </message>
    <message>
        <source>The private RabbitMQ {what}. The end of {console}:</source>
        <translation>Der eigene RabbitMQ {what}. Das Ende von {console}:</translation>
    </message>
    <message>
        <source>The warehouse does not run: start it to send messages again.</source>
        <translation>Das Lager läuft nicht: bitte starten, um Nachrichten erneut zu senden.</translation>
    </message>
    <message>
        <source>The warehouse failed on it: {name}: {what}</source>
        <translation>Das Lager scheiterte an ihr: {name}: {what}</translation>
    </message>
    <message>
        <source>The window of {name} could not be started: {errorstring}.</source>
        <translation>Das Fenster von {name} ließ sich nicht starten: {errorstring}.</translation>
    </message>
    <message>
        <source>The window was closed before RabbitMQ answered.</source>
        <translation>Das Fenster wurde geschlossen, bevor RabbitMQ antwortete.</translation>
    </message>
    <message>
        <source>There is no order {identity} in the warehouse.</source>
        <translation>Das Lager hat keine Bestellung „{identity}“.</translation>
    </message>
    <message>
        <source>There is no product {name} in the catalogue.</source>
        <translation>Das Produkt „{name}“ gibt es nicht im Katalog.</translation>
    </message>
    <message>
        <source>There is no rabbitmq-server at {given}; check --rabbitmq-server.</source>
        <translation>In {given} ist kein rabbitmq-server; bitte --rabbitmq-server prüfen.</translation>
    </message>
    <message>
        <source>This account may not listen: {refused}</source>
        <translation>Dieses Konto darf nicht zuhören: {refused}</translation>
    </message>
    <message>
        <source>This account may not look at it: {refused}</source>
        <translation>Dieses Konto darf nicht nachsehen: {refused}</translation>
    </message>
    <message>
        <source>This address cannot be read: {error}.</source>
        <translation>Diese Adresse ist nicht lesbar: {error}.</translation>
    </message>
    <message>
        <source>This history was written by a newer Order Desk: update this one.</source>
        <translation>Dieser Verlauf stammt von einem neueren Order Desk: bitte dieses hier aktualisieren.</translation>
    </message>
    <message>
        <source>This is another RabbitMQ than before: {what} and {words} of which nothing was heard are sent again.</source>
        <translation>Das ist ein anderes RabbitMQ als zuvor: {what} und {words}, von denen nichts zu hören war, werden noch einmal gesendet.</translation>
    </message>
    <message>
        <source>This notice says nothing new: its status is still new_order.</source>
        <translation>Diese Meldung sagt nichts Neues: Ihr Zustand ist noch new_order.</translation>
    </message>
    <message>
        <source>This {kind} breaks the contract: {error}.</source>
        <translation>Die Nachricht ({kind}) hält sich nicht an den Vertrag: {error}.</translation>
    </message>
    <message>
        <source>This {kind} has {body} bytes, more than {limit}.</source>
        <translation>Die Nachricht ({kind}) hat {body} Bytes, mehr als {limit}.</translation>
    </message>
    <message>
        <source>This {kind} is ambiguous: {error}.</source>
        <translation>Die Nachricht ({kind}) ist nicht eindeutig: {error}.</translation>
    </message>
    <message>
        <source>This {kind} is not JSON: {error}.</source>
        <translation>Die Nachricht ({kind}) ist kein JSON: {error}.</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>Zu viele offene Dateien</translation>
    </message>
    <message>
        <source>Version {version} of the message is not known here: update Order Desk.</source>
        <translation>Version {version} der Nachricht ist hier nicht bekannt: bitte Order Desk aktualisieren.</translation>
    </message>
    <message>
        <source>[Errno {number}] {what}</source>
        <translation>{what} (Fehler {number})</translation>
    </message>
    <message>
        <source>a cell holds what no Order Desk writes</source>
        <translation>eine Zelle enthält, was kein Order Desk schreibt</translation>
    </message>
    <message>
        <source>a durable queue without arguments</source>
        <translation>eine dauerhafte Queue ohne Argumente</translation>
    </message>
    <message>
        <source>a durable {kind} exchange</source>
        <translation>ein dauerhafter Exchange der Art {kind}</translation>
    </message>
    <message>
        <source>a field is given twice</source>
        <translation>ein Feld steht zweimal da</translation>
    </message>
    <message>
        <source>a quorum queue sets good orders aside once their warehouse has lost its connection 20 times.</source>
        <translation>eine Quorum-Queue sondert gute Bestellungen aus, wenn ihr Lager 20-mal die Verbindung verloren hat.</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>backordered</source>
        <translation>wartend auf Ware</translation>
    </message>
    <message>
        <source>begin with amqp:// or, with TLS, amqps://</source>
        <translation>mit amqp:// beginnen oder, mit TLS, mit amqps://</translation>
    </message>
    <message>
        <source>binding {exchange} -&gt; {queue}</source>
        <translation>Bindung {exchange} -&gt; {queue}</translation>
    </message>
    <message>
        <source>binding {exchange} -&gt; {queue} with key {key}</source>
        <translation>Bindung {exchange} -&gt; {queue} mit Schlüssel {key}</translation>
    </message>
    <message>
        <source>binding {source} -&gt; {destination}</source>
        <translation>Bindung {source} -&gt; {destination}</translation>
    </message>
    <message>
        <source>bindings of others</source>
        <translation>Bindungen von anderen</translation>
    </message>
    <message>
        <source>broker ({source}): use amqp://USER:PASSWORD@HOST:PORT/VHOST, several with commas.</source>
        <translation>broker ({source}): amqp://BENUTZER:PASSWORT@RECHNER:PORT/VHOST verwenden, mehrere mit Kommas.</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>storniert</translation>
    </message>
    <message>
        <source>cancelled by its user</source>
        <translation>vom Benutzer storniert</translation>
    </message>
    <message>
        <source>cancelled by its user: {words}</source>
        <translation>vom Benutzer storniert: {words}</translation>
    </message>
    <message>
        <source>cannot be opened: see that its folder is there and yours to write</source>
        <translation>lässt sich nicht öffnen: Der Ordner muss da und für Sie beschreibbar sein</translation>
    </message>
    <message>
        <source>cannot be opened; check that the folder is there and may be written</source>
        <translation>lässt sich nicht öffnen; bitte prüfen, ob der Ordner da und beschreibbar ist</translation>
    </message>
    <message>
        <source>cannot be read or written: the disk fails; check it</source>
        <translation>lässt sich nicht lesen oder schreiben: Der Datenträger versagt; bitte prüfen</translation>
    </message>
    <message>
        <source>cannot be read or written: the disk is full, failing or gone</source>
        <translation>lässt sich nicht lesen oder schreiben: Der Datenträger ist voll, defekt oder fort</translation>
    </message>
    <message>
        <source>cannot be written: give yourself the right to write it</source>
        <translation>lässt sich nicht schreiben: bitte sich selbst das Recht dazu geben</translation>
    </message>
    <message>
        <source>cannot be written: give yourself the right to write it, or put it back where it was</source>
        <translation>lässt sich nicht schreiben: bitte sich selbst das Recht dazu geben, oder die Datei zurücklegen, wo sie war</translation>
    </message>
    <message>
        <source>cannot grow: the disk is full; make room</source>
        <translation>kann nicht wachsen: Der Datenträger ist voll; bitte Platz schaffen</translation>
    </message>
    <message>
        <source>certificate has expired</source>
        <translation>es ist abgelaufen</translation>
    </message>
    <message>
        <source>certificate is not yet valid</source>
        <translation>es gilt noch nicht</translation>
    </message>
    <message>
        <source>check name and password in --broker; guest may log in from the broker&apos;s own machine only</source>
        <translation>Name und Passwort der Adresse prüfen; guest darf sich nur vom Rechner des RabbitMQ aus anmelden</translation>
    </message>
    <message>
        <source>check the address; a firewall may keep it from you</source>
        <translation>die Adresse prüfen; vielleicht hält eine Firewall sie fern</translation>
    </message>
    <message>
        <source>check the host&apos;s name, and the network</source>
        <translation>den Namen des Rechners und das Netz prüfen</translation>
    </message>
    <message>
        <source>choose a number that all who use it can live with: {command}</source>
        <translation>eine Zahl wählen, mit der alle leben können, die es benutzen: {command}</translation>
    </message>
    <message>
        <source>close its owner&apos;s connection, or delete it: {patient}</source>
        <translation>die Verbindung ihres Besitzers schließen, oder sie löschen: {patient}</translation>
    </message>
    <message>
        <source>command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>could not start</source>
        <translation>konnte nicht starten</translation>
    </message>
    <message>
        <source>create the virtual host, or give the user rights there (rabbitmqctl add_vhost, set_permissions)</source>
        <translation>den virtuellen Host anlegen, oder dem Benutzer dort Rechte geben (rabbitmqctl add_vhost, set_permissions)</translation>
    </message>
    <message>
        <source>dead letters of {name}</source>
        <translation>Ausgesondertes aus {name}</translation>
    </message>
    <message>
        <source>delete {data} once no client shows accepted orders; for messages of other programs in it start RabbitMQ {series} once more with --rabbitmq-server</source>
        <translation>{data} löschen, sobald kein Kunde mehr angenommene Bestellungen zeigt; für Nachrichten anderer Programme darin RabbitMQ {series} noch einmal mit --rabbitmq-server starten</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>verworfen</translation>
    </message>
    <message>
        <source>enable it (rabbitmq-plugins enable rabbitmq_management) and use an account that may manage</source>
        <translation>einschalten (rabbitmq-plugins enable rabbitmq_management) und ein Konto nehmen, das verwalten darf</translation>
    </message>
    <message>
        <source>exchange {name}</source>
        <translation>Exchange {name}</translation>
    </message>
    <message>
        <source>expected &apos;&quot;&apos;</source>
        <translation>erwartet wird &apos;&quot;&apos;</translation>
    </message>
    <message>
        <source>expected &apos;,&apos;</source>
        <translation>erwartet wird &apos;,&apos;</translation>
    </message>
    <message>
        <source>expected &apos;,&apos; or &apos;]&apos;</source>
        <translation>erwartet wird &apos;,&apos; oder &apos;]&apos;</translation>
    </message>
    <message>
        <source>expected &apos;,&apos; or &apos;}&apos;</source>
        <translation>erwartet wird &apos;,&apos; oder &apos;}&apos;</translation>
    </message>
    <message>
        <source>expected &apos;:&apos;</source>
        <translation>erwartet wird &apos;:&apos;</translation>
    </message>
    <message>
        <source>field larger than field limit ({limit})</source>
        <translation>ein Feld ist länger als {limit} Zeichen</translation>
    </message>
    <message>
        <source>field {number} stands under no name: name its column, or put quotes around a field with a comma</source>
        <translation>Feld {number} steht unter keinem Namen: die Spalte benennen, oder ein Feld mit Komma in Anführungszeichen setzen</translation>
    </message>
    <message>
        <source>give the account configure, write and read rights here (rabbitmqctl set_permissions)</source>
        <translation>dem Konto hier die Rechte configure, write und read geben (rabbitmqctl set_permissions)</translation>
    </message>
    <message>
        <source>good orders are set aside once their warehouse has lost its connection so often.</source>
        <translation>gute Bestellungen werden beiseitegelegt, wenn ihr Lager so oft die Verbindung verloren hat.</translation>
    </message>
    <message>
        <source>has expired</source>
        <translation>ist abgelaufen</translation>
    </message>
    <message>
        <source>has no room: the disk is full, make room and try again</source>
        <translation>hat keinen Platz: Der Datenträger ist voll, bitte Platz schaffen und erneut versuchen</translation>
    </message>
    <message>
        <source>have it renewed there; if it is good, set this machine&apos;s clock</source>
        <translation>es dort erneuern lassen; ist es noch gültig, die Uhr dieses Rechners stellen</translation>
    </message>
    <message>
        <source>if nobody needs it, take it away: {row}</source>
        <translation>wenn niemand es braucht, entfernen: {row}</translation>
    </message>
    <message>
        <source>invalid character</source>
        <translation>ungültiges Zeichen</translation>
    </message>
    <message>
        <source>invalid continuation byte</source>
        <translation>ungültiges Folgebyte</translation>
    </message>
    <message>
        <source>invalid escape character in string</source>
        <translation>ungültiges Zeichen nach \ in einem Text</translation>
    </message>
    <message>
        <source>invalid literal: {text}</source>
        <translation>ungültiger Wert: {text}</translation>
    </message>
    <message>
        <source>invalid number</source>
        <translation>ungültige Zahl</translation>
    </message>
    <message>
        <source>invalid start byte</source>
        <translation>ungültiges Anfangsbyte</translation>
    </message>
    <message>
        <source>is being brought to this version of Order Desk by another window or command: wait, or try again in a minute</source>
        <translation>wird gerade von einem anderen Fenster oder Befehl auf diese Version von Order Desk gebracht: warten, oder in einer Minute noch einmal versuchen</translation>
    </message>
    <message>
        <source>is damaged: move it aside and start again, or put a copy back</source>
        <translation>ist beschädigt: bitte beiseitelegen und neu starten, oder eine Kopie zurücklegen</translation>
    </message>
    <message>
        <source>is damaged; bring back a copy</source>
        <translation>ist beschädigt; bitte eine Kopie zurückholen</translation>
    </message>
    <message>
        <source>is for another name</source>
        <translation>gilt für einen anderen Namen</translation>
    </message>
    <message>
        <source>is in use by another program for too long: close what else works on it and try again</source>
        <translation>ist zu lange von einem anderen Programm belegt: bitte schließen, was noch daran arbeitet, und erneut versuchen</translation>
    </message>
    <message>
        <source>is in use by another window or command, which may be bringing it to this version of Order Desk: wait, or try again in a minute</source>
        <translation>wird von einem anderen Fenster oder Befehl benutzt, der ihn vielleicht auf diese Version von Order Desk bringt: warten, oder in einer Minute noch einmal versuchen</translation>
    </message>
    <message>
        <source>is locked by another program, which may be bringing it to this version of Order Desk: wait, or try again in a minute</source>
        <translation>ist von einem anderen Programm gesperrt, das sie vielleicht auf diese Version von Order Desk bringt: warten, oder in einer Minute noch einmal versuchen</translation>
    </message>
    <message>
        <source>is locked by another program; close what holds it</source>
        <translation>ist von einem anderen Programm gesperrt; bitte schließen, was sie festhält</translation>
    </message>
    <message>
        <source>is not a database of Order Desk; choose another file</source>
        <translation>ist keine Datenbank von Order Desk; bitte eine andere Datei wählen</translation>
    </message>
    <message>
        <source>is not a history: move it aside and start again</source>
        <translation>ist kein Verlauf: bitte beiseitelegen und neu starten</translation>
    </message>
    <message>
        <source>is not valid yet</source>
        <translation>gilt noch nicht</translation>
    </message>
    <message>
        <source>is read-only or was moved away; check the file and its rights</source>
        <translation>ist schreibgeschützt oder wurde verschoben; bitte die Datei und ihre Rechte prüfen</translation>
    </message>
    <message>
        <source>is signed by nobody whom this machine trusts</source>
        <translation>hat niemand unterschrieben, dem dieser Rechner vertraut</translation>
    </message>
    <message>
        <source>it comes from {queue}, which is not a step of Order Desk.</source>
        <translation>Sie kommt aus „{queue}“, und das ist kein Schritt von Order Desk.</translation>
    </message>
    <message>
        <source>it does something else than Order Desk needs.</source>
        <translation>sie tut etwas anderes, als Order Desk braucht.</translation>
    </message>
    <message>
        <source>it is deleted, with all that is in it, when nobody has used it for so long.</source>
        <translation>sie wird mit allem darin gelöscht, wenn sie so lange niemand benutzt hat.</translation>
    </message>
    <message>
        <source>it is missing</source>
        <translation>er fehlt</translation>
    </message>
    <message>
        <source>it is no text</source>
        <translation>es ist kein Text</translation>
    </message>
    <message>
        <source>it is no whole number</source>
        <translation>es ist keine ganze Zahl</translation>
    </message>
    <message>
        <source>it is nothing that an Order Desk writes there</source>
        <translation>so etwas schreibt kein Order Desk dorthin</translation>
    </message>
    <message>
        <source>it is of another kind than this column</source>
        <translation>es ist von anderer Art als diese Spalte</translation>
    </message>
    <message>
        <source>it is used elsewhere, too, or much: choose numbers that it can live with: {command}</source>
        <translation>es wird auch anderswo oder viel benutzt: Zahlen wählen, mit denen es leben kann: {command}</translation>
    </message>
    <message>
        <source>it may have a queue of its own</source>
        <translation>eine eigene Queue ist erlaubt</translation>
    </message>
    <message>
        <source>it was sent {replays} times and came back each time. Find what refuses it, or drop it.</source>
        <translation>Sie wurde {replays}-mal gesendet und kam jedes Mal zurück. Bitte herausfinden, was sie ablehnt, oder sie verwerfen.</translation>
    </message>
    <message>
        <source>it would be refused again. {reason}</source>
        <translation>Sie würde wieder abgelehnt. {reason}</translation>
    </message>
    <message>
        <source>it would be refused again. {unvouched} Take it over in your own name, or drop it.</source>
        <translation>sie würde wieder abgelehnt. {unvouched} Übernehmen Sie sie in Ihrem Namen, oder verwerfen Sie sie.</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>aufbewahrt</translation>
    </message>
    <message>
        <source>let a queue without arguments mean a {kind} queue ({command}); or {empty}</source>
        <translation>eine Queue ohne Argumente soll eine {kind}-Queue bedeuten ({command}); oder {empty}</translation>
    </message>
    <message>
        <source>limit of queues</source>
        <translation>Grenze für Queues</translation>
    </message>
    <message>
        <source>limits of accounts</source>
        <translation>Grenzen für Konten</translation>
    </message>
    <message>
        <source>limits of listeners&apos; queues</source>
        <translation>Grenzen für Queues von Zuhörern</translation>
    </message>
    <message>
        <source>limits of {user}</source>
        <translation>Grenzen für {user}</translation>
    </message>
    <message>
        <source>line contains NUL</source>
        <translation>eine Zeile enthält ein NUL-Zeichen</translation>
    </message>
    <message>
        <source>memory or disk alarm</source>
        <translation>Speicher oder Platte sind knapp</translation>
    </message>
    <message>
        <source>mend that, or give another address with --broker; without it the private node is used</source>
        <translation>das beheben, oder eine andere Adresse angeben; ohne Adresse wird der eigene RabbitMQ verwendet</translation>
    </message>
    <message>
        <source>name the file of its authority (CA) in SSL_CERT_FILE</source>
        <translation>die Datei seiner Zertifizierungsstelle (CA) in SSL_CERT_FILE nennen</translation>
    </message>
    <message>
        <source>new_order</source>
        <translation>neu</translation>
    </message>
    <message>
        <source>newline inside string</source>
        <translation>Zeilenumbruch in einem Text</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation>kein Grund angegeben</translation>
    </message>
    <message>
        <source>notice</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>object keys must be strings</source>
        <translation>Feldnamen müssen Texte sein</translation>
    </message>
    <message>
        <source>of its {length} bytes only the first {body} are kept. Drop it.</source>
        <translation>von ihren {length} Bytes sind nur die ersten {body} behalten. Bitte verwerfen.</translation>
    </message>
    <message>
        <source>order</source>
        <translation>Bestellung</translation>
    </message>
    <message>
        <source>order {label} has more than {max_lines} lines: split it</source>
        <translation>Bestellung {label} hat mehr als {max_lines} Positionen: bitte aufteilen</translation>
    </message>
    <message>
        <source>order {label} says something else above: use one for the whole order</source>
        <translation>Bestellung {label} sagt weiter oben etwas anderes: bitte eines für die ganze Bestellung</translation>
    </message>
    <message>
        <source>port {port} is open</source>
        <translation>Port {port} ist offen</translation>
    </message>
    <message>
        <source>price {text} is not an amount like 12.50.</source>
        <translation>Preis „{text}“ ist kein Betrag wie 12.50.</translation>
    </message>
    <message>
        <source>processed</source>
        <translation>bearbeitet</translation>
    </message>
    <message>
        <source>question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>queue {name}</source>
        <translation>Queue {name}</translation>
    </message>
    <message>
        <source>record layer failure</source>
        <translation>keine Antwort in TLS</translation>
    </message>
    <message>
        <source>refused messages are lost.</source>
        <translation>abgelehnte Nachrichten gehen verloren.</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>replayed</source>
        <translation>erneut gesendet</translation>
    </message>
    <message>
        <source>restart that RabbitMQ (systemctl restart rabbitmq-server) while a warehouse runs; where the queue crashes again, delete it (rabbitmqctl delete_queue -p VHOST NAME) and run the doctor with --fix: what is in it is gone then, orders without an outcome are sent again by their clients, those of other programs must be sent again there</source>
        <translation>dieses RabbitMQ neu starten (systemctl restart rabbitmq-server), während ein Lager läuft; stürzt die Queue wieder ab, sie löschen (rabbitmqctl delete_queue -p VHOST NAME) und den Doctor mit --fix laufen lassen: Was in ihr ist, ist dann weg, Bestellungen ohne Ergebnis senden ihre Kunden noch einmal, die anderer Programme müssen dort noch einmal gesendet werden</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>zurückgegeben</translation>
    </message>
    <message>
        <source>run: {doctor}</source>
        <translation>eingeben: {doctor}</translation>
    </message>
    <message>
        <source>self-signed certificate</source>
        <translation>es hat sich selbst unterschrieben</translation>
    </message>
    <message>
        <source>self-signed certificate in certificate chain</source>
        <translation>in seiner Kette steht eines, das sich selbst unterschrieben hat</translation>
    </message>
    <message>
        <source>set this machine&apos;s clock; if that is right, wait, or have another one made there</source>
        <translation>die Uhr dieses Rechners stellen; geht sie richtig, warten oder dort ein anderes ausstellen lassen</translation>
    </message>
    <message>
        <source>settled</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>shipped</source>
        <translation>versandt</translation>
    </message>
    <message>
        <source>start RabbitMQ there, or correct host and port</source>
        <translation>RabbitMQ dort starten, oder Rechner und Port berichtigen</translation>
    </message>
    <message>
        <source>stock came in</source>
        <translation>Ware kam herein</translation>
    </message>
    <message>
        <source>stock levels</source>
        <translation>Bestände</translation>
    </message>
    <message>
        <source>stop what uses it, empty and delete it; then {mend}</source>
        <translation>beenden, was sie benutzt, dann leeren und löschen; danach {mend}</translation>
    </message>
    <message>
        <source>table {name}, {key}, column {name_}: {what}</source>
        <translation>Tabelle {name}, {key}, Spalte {name_}: {what}</translation>
    </message>
    <message>
        <source>table {table}, {first} {row}, column {name}: {what}</source>
        <translation>Tabelle {table}, {first} {row}, Spalte {name}: {what}</translation>
    </message>
    <message>
        <source>the login is wrong, or the user has no right to manage (tag administrator).</source>
        <translation>die Anmeldung ist falsch, oder der Benutzer darf nicht verwalten (Kennzeichen administrator).</translation>
    </message>
    <message>
        <source>the number is too large</source>
        <translation>die Zahl ist zu groß</translation>
    </message>
    <message>
        <source>these are no bytes</source>
        <translation>es sind keine Bytes</translation>
    </message>
    <message>
        <source>timed out</source>
        <translation>Zeit abgelaufen</translation>
    </message>
    <message>
        <source>trailing characters</source>
        <translation>überzählige Zeichen am Ende</translation>
    </message>
    <message>
        <source>trailing comma in array</source>
        <translation>Komma am Ende einer Liste</translation>
    </message>
    <message>
        <source>trailing comma in object</source>
        <translation>Komma nach dem letzten Feld</translation>
    </message>
    <message>
        <source>unable to get issuer certificate</source>
        <translation>sein Aussteller ist nicht bekannt</translation>
    </message>
    <message>
        <source>unable to get local issuer certificate</source>
        <translation>sein Aussteller ist nicht bekannt</translation>
    </message>
    <message>
        <source>undo of number {row}</source>
        <translation>Aufhebung von Nummer {row}</translation>
    </message>
    <message>
        <source>unexpected end of data</source>
        <translation>unerwartetes Ende</translation>
    </message>
    <message>
        <source>unexpected eof while reading</source>
        <translation>die Verbindung brach ab</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unterwegs</translation>
    </message>
    <message>
        <source>use the host name that stands in it</source>
        <translation>den Rechnernamen verwenden, der darin steht</translation>
    </message>
    <message>
        <source>wrong version number</source>
        <translation>keine Antwort in TLS</translation>
    </message>
    <message>
        <source>{name} ({source}): an address with a password does not belong here.</source>
        <translation>{name} ({source}): Eine Adresse mit Passwort gehört nicht hierher.</translation>
    </message>
    <message>
        <source>{name} has more than {most_bytes} bytes: split it.</source>
        <translation>{name} hat mehr als {most_bytes} Bytes: bitte aufteilen.</translation>
    </message>
    <message>
        <source>{name} holds what RabbitMQ {series} had not handed over when another series took its place. Accepted orders without an outcome are sent again by their clients when they next connect.</source>
        <translation>{name} enthält, was RabbitMQ {series} noch nicht übergeben hatte, als eine andere Serie an seine Stelle trat. Angenommene Bestellungen ohne Ergebnis senden ihre Kunden noch einmal, wenn sie sich wieder verbinden.</translation>
    </message>
    <message>
        <source>{name} in the data directory is not TOML: {words}</source>
        <translation>{name} im Datenordner ist kein TOML: {words}</translation>
    </message>
    <message>
        <source>{name} is in the catalogue already.</source>
        <translation>{name} ist schon im Katalog.</translation>
    </message>
    <message>
        <source>{name} is not UTF-8 and is read as Windows-1252 (cp1252): see whether the names are right.</source>
        <translation>{name} ist nicht UTF-8 und wird als Windows-1252 (cp1252) gelesen: Bitte sehen Sie nach, ob die Namen stimmen.</translation>
    </message>
    <message>
        <source>{name} is not text in UTF-8 or UTF-16: save it as CSV UTF-8.</source>
        <translation>{name} ist kein Text in UTF-8 oder UTF-16: bitte als CSV UTF-8 speichern.</translation>
    </message>
    <message>
        <source>{name} is read as UTF-16.</source>
        <translation>{name} wird als UTF-16 gelesen.</translation>
    </message>
    <message>
        <source>{name} is withdrawn: offer it again.</source>
        <translation>{name} ist zurückgezogen: bieten Sie es wieder an.</translation>
    </message>
    <message>
        <source>{name} needs the header {columns} as its first line: it lacks {lacking}.</source>
        <translation>{name} braucht die Kopfzeile {columns} als erste Zeile: Es fehlt {lacking}.</translation>
    </message>
    <message>
        <source>{name}, line {line}: this is not CSV: a quotation mark is not closed, or stands inside.</source>
        <translation>{name}, Zeile {line}: Das ist kein CSV: Ein Anführungszeichen ist nicht geschlossen oder steht mittendrin.</translation>
    </message>
    <message>
        <source>{name}, line {line}: this is not text: save it as CSV UTF-8.</source>
        <translation>{name}, Zeile {line}: Das ist kein Text: bitte als CSV UTF-8 speichern.</translation>
    </message>
    <message>
        <source>{name}: no longer offered</source>
        <translation>{name}: nicht mehr im Angebot</translation>
    </message>
    <message>
        <source>{name}: the column {column} stands twice in its header.</source>
        <translation>{name}: Die Spalte {column} steht zweimal in der Kopfzeile.</translation>
    </message>
    <message>
        <source>{number} cancellations</source>
        <translation>{number} Stornos</translation>
    </message>
    <message>
        <source>{number} orders</source>
        <translation>{number} Bestellungen</translation>
    </message>
    <message>
        <source>{settings} holds a password and others may read it: chmod 600 it.</source>
        <translation>{settings} enthält ein Passwort, und andere dürfen es lesen: bitte chmod 600.</translation>
    </message>
    <message>
        <source>{text} is not a number from {first} to {last} like 12.50.</source>
        <translation>„{text}“ ist keine Zahl von {first} bis {last} wie 12,50.</translation>
    </message>
    <message>
        <source>{text} is not a whole number from {least} to {most}.</source>
        <translation>„{text}“ ist keine ganze Zahl von {least} bis {most}.</translation>
    </message>
    <message>
        <source>{text} is unclear: write 1250, no mark for thousands.</source>
        <translation>„{text}“ ist nicht eindeutig: Bitte 1250 schreiben, ohne Tausendertrennzeichen.</translation>
    </message>
    <message>
        <source>{text} is unclear: write 1250.00 or 12.50, no mark for thousands.</source>
        <translation>„{text}“ ist nicht eindeutig: Bitte 1250,00 oder 12,50 schreiben, ohne Tausendertrennzeichen.</translation>
    </message>
    <message>
        <source>{where} does not answer with TLS: use RabbitMQ&apos;s port for TLS (usually 5671), or begin the address with amqp://.</source>
        <translation>{where} antwortet nicht mit TLS: den Port von RabbitMQ für TLS verwenden (üblich ist 5671), oder die Adresse mit amqp:// beginnen.</translation>
    </message>
    <message>
        <source>{where} does not speak AMQP 0-9-1: if it is a port for TLS, begin the address with amqps://; RabbitMQ may also still be starting there.</source>
        <translation>{where} spricht kein AMQP 0-9-1: Ist es ein Port für TLS, die Adresse mit amqps:// beginnen; vielleicht startet RabbitMQ dort auch noch.</translation>
    </message>
    <message>
        <source>use the operator&apos;s account</source>
        <translation>das Konto des Betreibers verwenden</translation>
    </message>
    <message>
        <source>Its headers cannot be read: {error}.</source>
        <translation>Ihre Header sind nicht zu lesen: {error}.</translation>
    </message>
    <message>
        <source>Its lines are left out: RabbitMQ takes at most {limit} bytes.</source>
        <translation>Ihre Positionen sind ausgelassen: RabbitMQ nimmt höchstens {limit} Bytes.</translation>
    </message>
    <message>
        <source>Order {order_id} belongs to another user: only its own user cancels it.</source>
        <translation>Bestellung {order_id} gehört einem anderen Benutzer: Nur dieser kann sie stornieren.</translation>
    </message>
    <message>
        <source>Order {order_id} is {state} and cannot be cancelled any more.</source>
        <translation>Bestellung {order_id} ist {state} und kann nicht mehr storniert werden.</translation>
    </message>
    <message>
        <source>Order {order_id} is {status}: it cannot become {to}.</source>
        <translation>Bestellung {order_id} ist {status} und kann nicht {to} werden.</translation>
    </message>
    <message>
        <source>Other books are served here now.</source>
        <translation>Hier werden jetzt andere Bücher bedient.</translation>
    </message>
    <message>
        <source>The data directory {where} cannot be made: {why}. Name another with --data-dir.</source>
        <translation>Der Datenordner {where} lässt sich nicht anlegen: {why}. Nennen Sie mit --data-dir einen anderen.</translation>
    </message>
    <message>
        <source>The database {title} is there and empty: something has cut it off. Bring back a copy, or delete it to begin with new books.</source>
        <translation>Die Datenbank {title} ist da und leer: Etwas hat sie abgeschnitten. Holen Sie eine Kopie zurück, oder löschen Sie sie, um mit neuen Büchern zu beginnen.</translation>
    </message>
    <message>
        <source>The display cannot be reached ({named}): see that it runs and lets you in; this works without one: {program} demo --screenshots shots</source>
        <translation>Die Anzeige ist nicht zu erreichen ({named}): Läuft sie, und lässt sie Sie ein? Ohne eine geht: {program} demo --screenshots shots</translation>
    </message>
    <message>
        <source>The notice of order {order_id} is shortened: RabbitMQ takes at most {most} bytes.</source>
        <translation>Die Meldung zu Bestellung {order_id} ist gekürzt: RabbitMQ nimmt höchstens {most} Bytes.</translation>
    </message>
    <message>
        <source>The notice of order {order_id} waits: RabbitMQ takes no more than {most} bytes.</source>
        <translation>Die Meldung zu Bestellung {order_id} wartet: RabbitMQ nimmt nicht mehr als {most} Bytes.</translation>
    </message>
    <message>
        <source>The operator policy {policy} sets it to {value}: {harm}</source>
        <translation>Die Operator-Policy {policy} setzt es auf {value}: {harm}</translation>
    </message>
    <message>
        <source>The policy {other} hides {name}: {harm}</source>
        <translation>Die Richtlinie {other} verdeckt {name}: {harm}</translation>
    </message>
    <message>
        <source>The policy {policy} sets it to {value}: {harm}</source>
        <translation>Die Policy {policy} setzt es auf {value}: {harm}</translation>
    </message>
    <message>
        <source>The private RabbitMQ is not running.</source>
        <translation>Das eigene RabbitMQ läuft nicht.</translation>
    </message>
    <message>
        <source>The queue {queue} has crashed in RabbitMQ; what is in it stays there. Run: {doctor}</source>
        <translation>Die Queue {queue} ist in RabbitMQ abgestürzt; was in ihr ist, bleibt dort. Hier hilft: {doctor}</translation>
    </message>
    <message>
        <source>These books are an older copy: they end with event {seq}, and event {seq_} was told from them here ({at}, by {host}). Bring the newer ones back.</source>
        <translation>Diese Bücher sind eine ältere Kopie: Sie enden mit Ereignis {seq}, und aus ihnen wurde hier schon Ereignis {seq_} gemeldet ({at}, von {host}). Holen Sie die neueren zurück.</translation>
    </message>
    <message>
        <source>This RabbitMQ is served with other books (made {made_at}, last used {at} by {host}).</source>
        <translation>Dieses RabbitMQ wird mit anderen Büchern bedient (angelegt {made_at}, zuletzt benutzt {at} von {host}).</translation>
    </message>
    <message>
        <source>This account may open connections and channels without end.</source>
        <translation>Dieses Konto darf endlos Verbindungen und Kanäle öffnen.</translation>
    </message>
    <message>
        <source>This history has no order {order_id}: see `orders` for the ids.</source>
        <translation>Diese Historie hat keine Bestellung {order_id}: Die Nummern zeigt `orders`.</translation>
    </message>
    <message>
        <source>This history is not one of Order Desk, or is damaged: move it aside and start again.</source>
        <translation>Diese Historie ist keine von Order Desk, oder sie ist beschädigt: bitte beiseiteschieben und neu starten.</translation>
    </message>
    <message>
        <source>This message has {size} bytes, more than {limit}.</source>
        <translation>Diese Nachricht hat {size} Bytes, mehr als {limit}.</translation>
    </message>
    <message>
        <source>This order breaks the contract: a product&apos;s name is too long or not visible.</source>
        <translation>Diese Bestellung verletzt den Vertrag: Ein Produktname ist zu lang oder nicht sichtbar.</translation>
    </message>
    <message>
        <source>What expires or is refused in {name} comes into {exchange}, as if somebody had sent it.</source>
        <translation>Was in {name} abläuft oder abgelehnt wird, kommt nach {exchange}, als hätte es jemand gesendet.</translation>
    </message>
    <message>
        <source>Whether others serve this RabbitMQ with other books cannot be checked: let this account read {name} and write to amq.default.</source>
        <translation>Ob andere dieses RabbitMQ mit anderen Büchern bedienen, ist nicht zu prüfen: Dieses Konto muss {name} lesen und an amq.default schreiben dürfen.</translation>
    </message>
    <message>
        <source>Whether others serve this RabbitMQ with other books cannot be checked: {name} is missing, run the doctor with --fix.</source>
        <translation>Ob andere dieses RabbitMQ mit anderen Büchern bedienen, ist nicht zu prüfen: {name} fehlt; der Doctor mit --fix hilft.</translation>
    </message>
    <message>
        <source>a time or a number in them is out of range</source>
        <translation>eine Zeit oder Zahl darin liegt außerhalb des Bereichs</translation>
    </message>
    <message>
        <source>add {definition} to {other}, or lower its priority</source>
        <translation>{definition} in {other} eintragen, oder ihren Vorrang senken</translation>
    </message>
    <message>
        <source>and {left} more</source>
        <translation>und {left} weitere</translation>
    </message>
    <message>
        <source>order {label} has another id above: use one for the whole order</source>
        <translation>Bestellung {label} hat weiter oben eine andere Id: eine für die ganze Bestellung verwenden</translation>
    </message>
    <message>
        <source>order {label} has the id of another order of this file</source>
        <translation>Bestellung {label} hat die Id einer anderen Bestellung dieser Datei</translation>
    </message>
    <message>
        <source>order {order_id} is in the books with other content.</source>
        <translation>Bestellung {order_id} steht mit anderem Inhalt in den Büchern.</translation>
    </message>
    <message>
        <source>price {text} is unclear, the row has a comma too many: write it like 1250.00.</source>
        <translation>Preis „{text}“ ist nicht eindeutig, die Zeile hat ein Komma zu viel: Bitte wie 1250.00 schreiben.</translation>
    </message>
    <message>
        <source>price {text} is unclear: write 1250.00 or 12.50, no mark for thousands.</source>
        <translation>Preis „{text}“ ist nicht eindeutig: Bitte 1250.00 oder 12.50 schreiben, ohne Tausendertrennzeichen.</translation>
    </message>
    <message>
        <source>queues of others</source>
        <translation>Queues von anderen</translation>
    </message>
    <message>
        <source>row {line}: {error}</source>
        <translation>Zeile {line}: {error}</translation>
    </message>
    <message>
        <source>row {line}: {name} is there twice.</source>
        <translation>Zeile {line}: {name} steht zweimal da.</translation>
    </message>
    <message>
        <source>rule {key} of {target}</source>
        <translation>Regel {key} von {target}</translation>
    </message>
    <message>
        <source>rules of others</source>
        <translation>Regeln von anderen</translation>
    </message>
    <message>
        <source>set that policy again without {key} or for other names, or take it away: {command}</source>
        <translation>diese Policy ohne {key} oder für andere Namen neu setzen, oder entfernen: {command}</translation>
    </message>
    <message>
        <source>start the node of the cluster that it lies on</source>
        <translation>den Knoten des Clusters starten, auf dem sie liegt</translation>
    </message>
    <message>
        <source>stock: {error}</source>
        <translation>Bestand: {error}</translation>
    </message>
    <message>
        <source>tables within tables without end</source>
        <translation>Tabellen in Tabellen ohne Ende</translation>
    </message>
    <message>
        <source>they are nested more than {most_depth} deep</source>
        <translation>sie sind tiefer als {most_depth} verschachtelt</translation>
    </message>
    <message>
        <source>they break AMQP&apos;s rules</source>
        <translation>sie brechen die Regeln von AMQP</translation>
    </message>
    <message>
        <source>they have {encoded} bytes, more than {most_bytes}</source>
        <translation>sie haben {encoded} Bytes, mehr als {most_bytes}</translation>
    </message>
    <message>
        <source>they hold more than {most_values} values</source>
        <translation>sie enthalten mehr als {most_values} Werte</translation>
    </message>
    <message>
        <source>use an account that may manage</source>
        <translation>ein Konto verwenden, das verwalten darf</translation>
    </message>
    <message>
        <source>use the port for TLS (usually 5671), or switch TLS off</source>
        <translation>den Port für TLS verwenden (üblich ist 5671), oder TLS ausschalten</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>noch nicht gesendet</translation>
    </message>
    <message>
        <source>was not ready after {boot_seconds} s</source>
        <translation>war nach {boot_seconds} s nicht bereit</translation>
    </message>
    <message>
        <source>what finds no queue goes there, and its sender takes it for delivered.</source>
        <translation>was keine Queue findet, geht dorthin, und sein Absender hält es für zugestellt.</translation>
    </message>
    <message>
        <source>what is refused goes elsewhere, or is lost.</source>
        <translation>was abgelehnt wird, geht woandershin oder verloren.</translation>
    </message>
    <message>
        <source>what is too much for it is set aside, lost, or not taken.</source>
        <translation>was ihr zu viel ist, wird beiseitegelegt, geht verloren oder wird nicht angenommen.</translation>
    </message>
    <message>
        <source>what is too much for it is treated in another way.</source>
        <translation>was ihr zu viel ist, wird anders behandelt.</translation>
    </message>
    <message>
        <source>what waits there for longer, in milliseconds, is set aside or lost.</source>
        <translation>was dort länger wartet (in Millisekunden), wird beiseitegelegt oder geht verloren.</translation>
    </message>
    <message>
        <source>with the limits of listeners&apos; queues they go a minute after their last use; or delete each: {patient}</source>
        <translation>mit den Grenzen für Queues von Zuhörern gehen sie eine Minute nach dem letzten Gebrauch; oder jede löschen: {patient}</translation>
    </message>
    <message>
        <source>write amqp://user@host:port</source>
        <translation>amqp://benutzer@rechner:port schreiben</translation>
    </message>
    <message>
        <source>{colour} is not a colour: use #rrggbb.</source>
        <translation>„{colour}“ ist keine Farbe: #rrggbb verwenden.</translation>
    </message>
    <message>
        <source>{error} Bindings and policies cannot be seen.</source>
        <translation>{error} Bindungen und Richtlinien sind nicht zu sehen.</translation>
    </message>
    <message>
        <source>{given} fields, the header has {width}: put quotes around a field with a comma</source>
        <translation>{given} Felder, der Kopf hat {width}: Ein Komma in einem Feld braucht Anführungszeichen</translation>
    </message>
    <message>
        <source>{grace_variable}: {given} is not a number of seconds.</source>
        <translation>{grace_variable}: „{given}“ ist keine Zahl von Sekunden.</translation>
    </message>
    <message>
        <source>{host} has no address: {why}.</source>
        <translation>{host} hat keine Adresse: {why}.</translation>
    </message>
    <message>
        <source>{host}:{port} does not answer.</source>
        <translation>{host}:{port} antwortet nicht.</translation>
    </message>
    <message>
        <source>{name} ({source}): this is not {kinds}.</source>
        <translation>{name} ({source}): Das ist nicht {kinds}.</translation>
    </message>
    <message>
        <source>{name} ({source}): use a number above zero, not {value}.</source>
        <translation>{name} ({source}): eine Zahl über null verwenden, nicht „{value}“.</translation>
    </message>
    <message>
        <source>{name} ({source}): use one of {choices}, not {value}.</source>
        <translation>{name} ({source}): eines von {choices} verwenden, nicht „{value}“.</translation>
    </message>
    <message>
        <source>{name} ({source}): {most} is the most, not {value}.</source>
        <translation>{name} ({source}): Höchstens {most}, nicht „{value}“.</translation>
    </message>
    <message>
        <source>{name} ({source}): {value} is not {kinds}.</source>
        <translation>{name} ({source}): „{value}“ ist nicht {kinds}.</translation>
    </message>
    <message>
        <source>{name} cannot be read: {strerror}.</source>
        <translation>{name} ist nicht lesbar: {strerror}.</translation>
    </message>
    <message>
        <source>{name} in the data directory cannot be read: {strerror}.</source>
        <translation>{name} im Datenordner ist nicht lesbar: {strerror}.</translation>
    </message>
    <message>
        <source>{name} in the data directory cannot be written: {strerror}.</source>
        <translation>{name} im Datenordner lässt sich nicht schreiben: {strerror}.</translation>
    </message>
    <message>
        <source>{name} is another user&apos;s name: choose one of your own.</source>
        <translation>{name} heißt schon ein anderer Benutzer: bitte einen eigenen Namen wählen.</translation>
    </message>
    <message>
        <source>{name} is not a product name: use 1 to {max_name} visible characters.</source>
        <translation>„{name}“ ist kein Produktname: 1 bis {max_name} sichtbare Zeichen verwenden.</translation>
    </message>
    <message>
        <source>{name} is not a user&apos;s name: use 1 to {max_name} visible characters.</source>
        <translation>„{name}“ ist kein Benutzername: 1 bis {max_name} sichtbare Zeichen verwenden.</translation>
    </message>
    <message>
        <source>{name}: more than {most_stock} units cannot be on hand.</source>
        <translation>{name}: Mehr als {most_stock} Stück können nicht vorhanden sein.</translation>
    </message>
    <message>
        <source>{name}: not in the catalogue</source>
        <translation>{name}: nicht im Katalog</translation>
    </message>
    <message>
        <source>{name}: stock {stock} is below the {reserved} reserved for orders; left as it was.</source>
        <translation>{name}: Bestand {stock} liegt unter den {reserved}, die für Bestellungen reserviert sind; unverändert gelassen.</translation>
    </message>
    <message>
        <source>{name}: {asked} asked, {left} free</source>
        <translation>{name}: {asked} bestellt, {left} frei</translation>
    </message>
    <message>
        <source>{name}: {missing} missing</source>
        <translation>{name}: {missing} fehlen</translation>
    </message>
    <message>
        <source>{name}: {on_hand} on hand and {reserved} of them reserved, so {delta} cannot be posted.</source>
        <translation>{name}: {on_hand} vorhanden, davon {reserved} reserviert; {delta} kann nicht gebucht werden.</translation>
    </message>
    <message>
        <source>{path} cannot be used: {strerror}.</source>
        <translation>{path} ist nicht benutzbar: {strerror}.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {errorstring}.</source>
        <translation>{path} lässt sich nicht schreiben: {errorstring}.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {strerror}.</source>
        <translation>{path} lässt sich nicht schreiben: {strerror}.</translation>
    </message>
    <message>
        <source>{path} is in use for too long: close what hangs, try again.</source>
        <translation>{path} ist zu lange belegt: bitte schließen, was hängt, und erneut versuchen.</translation>
    </message>
    <message>
        <source>{path} is the history of another user: move it aside and start again.</source>
        <translation>{path} ist der Verlauf eines anderen Benutzers: bitte beiseitelegen und neu starten.</translation>
    </message>
    <message>
        <source>{path} was damaged and is kept as {name}: mend it and put it back, or start again with new profiles.</source>
        <translation>{path} war beschädigt und liegt nun in {name}: bitte heilen und zurücklegen, oder mit neuen Profilen beginnen.</translation>
    </message>
    <message>
        <source>{path}: SQLite refuses {pragma} = {value}: close other windows first.</source>
        <translation>{path}: SQLite lehnt {pragma} = {value} ab: bitte erst andere Fenster schließen.</translation>
    </message>
    <message>
        <source>{queue} was full.</source>
        <translation>{queue} war voll.</translation>
    </message>
    <message>
        <source>{scheme} is not how RabbitMQ is addressed.</source>
        <translation>So wird RabbitMQ nicht angesprochen: {scheme}.</translation>
    </message>
    <message>
        <source>{server} cannot be started: {strerror}.</source>
        <translation>{server} lässt sich nicht starten: {strerror}.</translation>
    </message>
    <message>
        <source>{settings} in the data directory cannot be changed safely: edit it by hand.</source>
        <translation>{settings} im Datenordner lässt sich nicht sicher ändern: bitte von Hand bearbeiten.</translation>
    </message>
    <message>
        <source>{source}: there is no option {name}; see --help.</source>
        <translation>{source}: Eine Option „{name}“ gibt es nicht; siehe --help.</translation>
    </message>
    <message>
        <source>{text} is no number</source>
        <translation>{text} ist keine Zahl</translation>
    </message>
    <message>
        <source>{text} is not one of {onshortage}</source>
        <translation>„{text}“ ist keines von {onshortage}</translation>
    </message>
    <message>
        <source>{text} names no order: use 1 to {max_label} visible characters</source>
        <translation>„{text}“ nennt keine Bestellung: 1 bis {max_label} sichtbare Zeichen verwenden</translation>
    </message>
    <message>
        <source>{text}: only the operator may make it ({doctor}).</source>
        <translation>{text}: Nur der Betreiber darf es anlegen ({doctor}).</translation>
    </message>
    <message>
        <source>{why} To serve it with these books instead, take over: in the warehouse&apos;s page, or once with `python3 -m messaging warehouse --take-over`.</source>
        <translation>{why} Um es stattdessen mit diesen Büchern zu bedienen, übernehmen Sie: auf der Seite des Lagers, oder einmal mit `python3 -m messaging warehouse --take-over`.</translation>
    </message>
    <message>
        <source>{words} It could not be mended: {error}</source>
        <translation>{words} Das ließ sich nicht beheben: {error}</translation>
    </message>
</context>
<context>
    <name>PickList</name>
    <message>
        <source>Pick list</source>
        <translation>Pickliste</translation>
    </message>
    <message>
        <source>{0} orders, {1}</source>
        <translation>{0} Bestellungen, {1}</translation>
    </message>
    <message>
        <source>Save the pick list</source>
        <translation>Pickliste speichern</translation>
    </message>
</context>
<context>
    <name>PlannedModel</name>
    <message>
        <source>refuse</source>
        <translation>ablehnen</translation>
    </message>
    <message>
        <source>send what there is</source>
        <translation>senden, was da ist</translation>
    </message>
    <message>
        <source>wait</source>
        <translation>warten</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Bestellung</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>If stock is short</source>
        <translation>Wenn Ware fehlt</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Gesamt</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>placed</source>
        <translation>aufgegeben</translation>
    </message>
    <message>
        <source>name taken</source>
        <translation>Name vergeben</translation>
    </message>
    <message>
        <source>new</source>
        <translation>neu</translation>
    </message>
    <message>
        <source>unknown product</source>
        <translation>unbekanntes Produkt</translation>
    </message>
    <message>
        <source>It was placed before and is not placed again</source>
        <translation>Sie wurde schon aufgegeben und wird nicht noch einmal aufgegeben</translation>
    </message>
    <message>
        <source>Another order was placed under this name or id: give it a new one</source>
        <translation>Unter diesem Namen oder dieser Id gibt es schon eine andere Bestellung: bitte eine neue angeben</translation>
    </message>
    <message>
        <source>Not in the catalogue: {0}</source>
        <translation>Nicht im Katalog: {0}</translation>
    </message>
</context>
<context>
    <name>PostingForm</name>
    <message>
        <source>Post</source>
        <translation>Buchen</translation>
    </message>
    <message>
        <source>Close the form</source>
        <translation>Formular schließen</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>Stück</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Restock {0}: units that came in</source>
        <translation>{0} nachfüllen: eingegangene Stück</translation>
    </message>
    <message>
        <source>Adjust {0} by (- takes away)</source>
        <translation>{0} berichtigen um (- nimmt weg)</translation>
    </message>
    <message>
        <source>Reason (needed)</source>
        <translation>Grund (nötig)</translation>
    </message>
    <message>
        <source>No waiting order is served by it: all of it becomes free.</source>
        <translation>Keine wartende Bestellung wird damit bedient: Alles davon wird frei.</translation>
    </message>
    <message>
        <source>Waiting orders served: {0}. They get {1} of it, {2} stay free.</source>
        <translation>Bediente wartende Bestellungen: {0}. Sie bekommen {1} davon, {2} bleiben frei.</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>The command line or environment overrules this for now.</source>
        <translation>Die Befehlszeile oder Umgebung hat zurzeit Vorrang.</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>Optionen</translation>
    </message>
    <message>
        <source>Kept in settings.toml; it holds from the next start, or when windows reopen.</source>
        <translation>Steht in settings.toml; gilt ab dem nächsten Start, oder wenn die Fenster neu geöffnet werden.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save and reopen windows</source>
        <translation>Speichern und Fenster neu öffnen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>ProblemBar</name>
    <message>
        <source>Something went wrong inside Order Desk ({kind}). The log has the details.</source>
        <translation>In Order Desk ging etwas schief ({kind}). Das Protokoll hat die Einzelheiten.</translation>
    </message>
</context>
<context>
    <name>ProductForm</name>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Close the form</source>
        <translation>Formular schließen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <source>Low from</source>
        <translation>Knapp ab</translation>
    </message>
    <message>
        <source>First stock</source>
        <translation>Bestand</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>such as a delivery note</source>
        <translation>etwa ein Lieferschein</translation>
    </message>
    <message>
        <source>a tenth of it</source>
        <translation>1 Zehntel</translation>
    </message>
    <message>
        <source>New product</source>
        <translation>Neues Produkt</translation>
    </message>
    <message>
        <source>Edit {0}. To call it otherwise, withdraw it and make a new one.</source>
        <translation>{0} bearbeiten. Soll es anders heißen, ziehen Sie es zurück und legen ein neues an.</translation>
    </message>
    <message>
        <source>{0} is in the catalogue already.</source>
        <translation>{0} ist schon im Katalog.</translation>
    </message>
    <message>
        <source>{0} is withdrawn: offer it again.</source>
        <translation>{0} ist zurückgezogen: bieten Sie es wieder an.</translation>
    </message>
    <message>
        <source>The price is an amount like {0}.</source>
        <translation>Der Preis ist ein Betrag wie {0}.</translation>
    </message>
</context>
<context>
    <name>ProfileDialog</name>
    <message>
        <source>Name and colour</source>
        <translation>Name und Farbe</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Orders and notifications stay with the user, whatever the name.</source>
        <translation>Bestellungen und Meldungen bleiben beim Benutzer, wie er auch heißt.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Colour {n}</source>
        <translation>Farbe {n}</translation>
    </message>
</context>
<context>
    <name>QuantityEditor</name>
    <message>
        <source>Quantity</source>
        <translation>Menge</translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <source>order number</source>
        <translation>Bestellnummer</translation>
    </message>
    <message>
        <source>user</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>placed at</source>
        <translation>bestellt am</translation>
    </message>
    <message>
        <source>if stock is short</source>
        <translation>wenn Ware fehlt</translation>
    </message>
    <message>
        <source>lines</source>
        <translation>Positionen</translation>
    </message>
    <message>
        <source>state</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>product</source>
        <translation>Produkt</translation>
    </message>
    <message>
        <source>quantity</source>
        <translation>Menge</translation>
    </message>
    <message>
        <source>line {0}</source>
        <translation>Position {0}</translation>
    </message>
    <message>
        <source>is missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>is not as it must be</source>
        <translation>ist nicht, wie es sein muss</translation>
    </message>
    <message>
        <source>must be {0}, but is {1}</source>
        <translation>muss {0} sein, ist aber {1}</translation>
    </message>
    <message>
        <source>must be {0}{1}</source>
        <translation>muss {0} sein{1}</translation>
    </message>
    <message>
        <source>must be a whole number or a UUID in small letters</source>
        <translation>muss eine ganze Zahl oder eine UUID in Kleinbuchstaben sein</translation>
    </message>
    <message>
        <source>must be a whole number, or at most 36 letters, digits, - and _</source>
        <translation>muss eine ganze Zahl sein, oder höchstens 36 Buchstaben, Ziffern, - und _</translation>
    </message>
    <message>
        <source>must be text without control characters</source>
        <translation>muss Text ohne Steuerzeichen sein</translation>
    </message>
    <message>
        <source>, at least {0} long</source>
        <translation>, mindestens {0} lang</translation>
    </message>
    <message>
        <source>, at most {0} long</source>
        <translation>, höchstens {0} lang</translation>
    </message>
    <message>
        <source>, at least {0}</source>
        <translation>, mindestens {0}</translation>
    </message>
    <message>
        <source>, at most {0}</source>
        <translation>, höchstens {0}</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>a number with a fraction</source>
        <translation>eine Zahl mit Bruchteil</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>wahr oder falsch</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>a group of fields</source>
        <translation>eine Gruppe von Feldern</translation>
    </message>
</context>
<context>
    <name>RowMenu</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the order&apos;s id</source>
        <translation>Kennung der Bestellung kopieren</translation>
    </message>
</context>
<context>
    <name>Scanner</name>
    <message>
        <source>{0} can be {1}: choose it in the list.</source>
        <translation>{0} kann {1} sein: bitte in der Liste wählen.</translation>
    </message>
    <message>
        <source>{0} is no product of the catalogue: nothing was changed.</source>
        <translation>{0} ist kein Produkt des Katalogs: Nichts wurde geändert.</translation>
    </message>
</context>
<context>
    <name>Sender</name>
    <message>
        <source>Sending again</source>
        <translation>Wird erneut gesendet</translation>
    </message>
    <message>
        <source>{0} sent again</source>
        <translation>{0} erneut gesendet</translation>
    </message>
    <message>
        <source>{0}; {1} not sent</source>
        <translation>{0}; {1} nicht gesendet</translation>
    </message>
</context>
<context>
    <name>SetAsideDetails</name>
    <message>
        <source>{0} bytes more</source>
        <translation>{0} Bytes mehr</translation>
    </message>
    <message>
        <source>The message as it came</source>
        <translation>Die Nachricht, wie sie kam</translation>
    </message>
    <message>
        <source>The message in bytes</source>
        <translation>Die Nachricht in Bytes</translation>
    </message>
    <message>
        <source>What came with the message</source>
        <translation>Was mit der Nachricht kam</translation>
    </message>
    <message>
        <source>How the message is shown</source>
        <translation>Wie die Nachricht gezeigt wird</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Kopfdaten</translation>
    </message>
    <message>
        <source>As a form</source>
        <translation>Als Formular</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>aus {0}</translation>
    </message>
    <message>
        <source>sent by {0}</source>
        <translation>gesendet von {0}</translation>
    </message>
    <message>
        <source>{0} bytes</source>
        <translation>{0} Bytes</translation>
    </message>
    <message>
        <source>the first {0} are kept</source>
        <translation>die ersten {0} sind behalten</translation>
    </message>
    <message>
        <source>sent again {0} times</source>
        <translation>{0}-mal erneut gesendet</translation>
    </message>
    <message>
        <source>sent by {0} as order {1}</source>
        <translation>von {0} als Bestellung {1} gesendet</translation>
    </message>
    <message>
        <source>kept until {0}</source>
        <translation>behalten bis {0}</translation>
    </message>
</context>
<context>
    <name>SetAsideModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Queue</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
</context>
<context>
    <name>SetAsidePane</name>
    <message>
        <source>Messages set aside</source>
        <translation>Beiseitegelegte Nachrichten</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Erneut senden</translation>
    </message>
    <message>
        <source>To the step that failed, as it came</source>
        <translation>An den Schritt, der scheiterte, wie sie kam</translation>
    </message>
    <message>
        <source>Drop</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>It is of no use; can be undone</source>
        <translation>Sie nützt nichts; lässt sich zurückholen</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alle wählen</translation>
    </message>
    <message>
        <source>Which messages</source>
        <translation>Welche Nachrichten</translation>
    </message>
    <message>
        <source>To decide</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Sent again</source>
        <translation>Erneut gesendet</translation>
    </message>
    <message>
        <source>Dropped</source>
        <translation>Verworfen</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Nothing was set aside</source>
        <translation>Nichts wurde beiseitegelegt</translation>
    </message>
    <message>
        <source>Messages that cannot be read or taken are kept here whole, with the reason.</source>
        <translation>Nachrichten, die nicht lesbar oder annehmbar sind, bleiben hier ganz erhalten, mit dem Grund.</translation>
    </message>
    <message>
        <source>Really send {0}</source>
        <translation>{0} wirklich senden</translation>
    </message>
    <message>
        <source>Take over...</source>
        <translation>Übernehmen ...</translation>
    </message>
    <message>
        <source>Correct...</source>
        <translation>Berichtigen...</translation>
    </message>
    <message>
        <source>{0} selected</source>
        <translation>{0} gewählt</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Warehouse</source>
        <translation>Lager</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Data directory</source>
        <translation>Datenordner</translation>
    </message>
    <message>
        <source>Server program</source>
        <translation>Serverprogramm</translation>
    </message>
    <message>
        <source>Heartbeat</source>
        <translation>Herzschlag</translation>
    </message>
    <message>
        <source>Longest pause before a retry</source>
        <translation>Längste Pause vor einem neuen Versuch</translation>
    </message>
    <message>
        <source>Unconfirmed at most</source>
        <translation>Unbestätigt höchstens</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>Datenbank</translation>
    </message>
    <message>
        <source>Orders in a batch</source>
        <translation>Bestellungen je Stapel</translation>
    </message>
    <message>
        <source>Consumers</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>Whose orders are taken</source>
        <translation>Wessen Bestellungen genommen werden</translation>
    </message>
    <message>
        <source>Days until dropped messages are freed</source>
        <translation>Tage, bis verworfene Nachrichten gelöscht werden</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>AMQP URL of a RabbitMQ, several with commas; empty: the private node</source>
        <translation>AMQP-URL eines RabbitMQ, mehrere mit Kommas; leer: der eigene RabbitMQ</translation>
    </message>
    <message>
        <source>SQLAlchemy URL of the warehouse&apos;s database; empty: SQLite in the data directory</source>
        <translation>SQLAlchemy-URL der Datenbank des Lagers; leer: SQLite im Datenordner</translation>
    </message>
    <message>
        <source>folder for everything that is kept; empty: the user&apos;s data directory</source>
        <translation>Ordner für alles, was aufbewahrt wird; leer: der Datenordner des Benutzers</translation>
    </message>
    <message>
        <source>path of the rabbitmq-server to start; empty: look for it</source>
        <translation>Pfad des zu startenden rabbitmq-server; leer: er wird gesucht</translation>
    </message>
    <message>
        <source>seconds between heartbeats; a dead peer is noticed after two to three</source>
        <translation>Sekunden zwischen Herzschlägen; eine tote Gegenstelle fällt nach zwei bis drei auf</translation>
    </message>
    <message>
        <source>longest pause between two tries to connect, in seconds</source>
        <translation>längste Pause zwischen zwei Verbindungsversuchen, in Sekunden</translation>
    </message>
    <message>
        <source>messages in flight without a confirm, at most</source>
        <translation>Nachrichten unterwegs ohne Bestätigung, höchstens</translation>
    </message>
    <message>
        <source>orders in one transaction, at most</source>
        <translation>Bestellungen in einer Transaktion, höchstens</translation>
    </message>
    <message>
        <source>consumers of one warehouse on the order queue</source>
        <translation>Consumer eines Lagers an der Queue der Bestellungen</translation>
    </message>
    <message>
        <source>whose orders a warehouse takes: any, or vouched: those whose user has an account of that name</source>
        <translation>wessen Bestellungen ein Lager nimmt. any: alle; vouched: nur die von Benutzern, die ein Konto dieses Namens haben</translation>
    </message>
    <message>
        <source>days for which messages are kept that were dropped, or taken when sent again</source>
        <translation>Tage, die Nachrichten behalten werden, die verworfen oder beim erneuten Senden angenommen wurden</translation>
    </message>
    <message>
        <source>DEBUG, INFO, WARNING or ERROR</source>
        <translation>DEBUG, INFO, WARNING oder ERROR</translation>
    </message>
</context>
<context>
    <name>Shipped</name>
    <message>
        <source>Nothing was shipped</source>
        <translation>Nichts wurde versandt</translation>
    </message>
    <message>
        <source>Orders that have left stand here, newest first.</source>
        <translation>Versandte Bestellungen stehen hier, die neueste zuerst.</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Really take back {0}</source>
        <translation>{0} wirklich zurücknehmen</translation>
    </message>
    <message>
        <source>Orders shipped</source>
        <translation>Versandte Bestellungen</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard</source>
        <translation>Tastatur</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
</context>
<context>
    <name>States</name>
    <message>
        <source>Processed</source>
        <translation>Bearbeitet</translation>
    </message>
    <message>
        <source>The stock is reserved</source>
        <translation>Die Ware ist reserviert</translation>
    </message>
    <message>
        <source>Waiting for stock</source>
        <translation>Wartet auf Ware</translation>
    </message>
    <message>
        <source>It is served when stock arrives</source>
        <translation>Sie wird bedient, wenn Ware kommt</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>The warehouse could not take it; see the reason</source>
        <translation>Das Lager konnte sie nicht annehmen; siehe Grund</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Storniert</translation>
    </message>
    <message>
        <source>Its stock is free again</source>
        <translation>Ihre Ware ist wieder frei</translation>
    </message>
    <message>
        <source>Shipped</source>
        <translation>Versandt</translation>
    </message>
    <message>
        <source>It has left the warehouse</source>
        <translation>Sie hat das Lager verlassen</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>Zurückgegeben</translation>
    </message>
    <message>
        <source>It came back into stock</source>
        <translation>Sie kam zurück in den Bestand</translation>
    </message>
    <message>
        <source>Waiting to send</source>
        <translation>Zu senden</translation>
    </message>
    <message>
        <source>On disk here; it leaves with RabbitMQ</source>
        <translation>Hier auf der Platte; sie geht, sobald RabbitMQ da ist</translation>
    </message>
    <message>
        <source>Sending again</source>
        <translation>Wird erneut gesendet</translation>
    </message>
    <message>
        <source>The connection went before the confirm</source>
        <translation>Die Verbindung ging vor der Bestätigung verloren</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>RabbitMQ has it; the warehouse will answer</source>
        <translation>RabbitMQ hat sie; das Lager wird antworten</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Not decided yet</source>
        <translation>Noch nicht entschieden</translation>
    </message>
    <message>
        <source>Starting RabbitMQ</source>
        <translation>RabbitMQ startet</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Verbindet</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>RabbitMQ is full</source>
        <translation>RabbitMQ ist voll</translation>
    </message>
    <message>
        <source>Database not reachable</source>
        <translation>Datenbank nicht erreichbar</translation>
    </message>
    <message>
        <source>Other books</source>
        <translation>Andere Bücher</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Steht</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>Beiseitegelegt</translation>
    </message>
    <message>
        <source>It could not be taken; it is kept with the reason</source>
        <translation>Sie konnte nicht angenommen werden; sie ist mit dem Grund aufbewahrt</translation>
    </message>
    <message>
        <source>Nobody has decided about it yet</source>
        <translation>Noch hat niemand darüber entschieden</translation>
    </message>
    <message>
        <source>Sent again</source>
        <translation>Erneut gesendet</translation>
    </message>
    <message>
        <source>It has not come back yet</source>
        <translation>Sie ist noch nicht zurückgekommen</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>It was sent again, and taken</source>
        <translation>Sie wurde erneut gesendet und angenommen</translation>
    </message>
    <message>
        <source>Dropped</source>
        <translation>Verworfen</translation>
    </message>
    <message>
        <source>It can be brought back</source>
        <translation>Sie kann zurückgeholt werden</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Orders wait in RabbitMQ meanwhile</source>
        <translation>Bestellungen warten solange in RabbitMQ</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Who you are and where messages go; click for details</source>
        <translation>Wer Sie sind und wohin Nachrichten gehen; Klick zeigt Einzelheiten</translation>
    </message>
    <message>
        <source>Opens the details of the connection</source>
        <translation>Öffnet die Einzelheiten der Verbindung</translation>
    </message>
    <message>
        <source>{n} waiting to send</source>
        <translation>{n} zu senden</translation>
    </message>
    <message>
        <source>On disk here; they leave in order as soon as RabbitMQ takes them</source>
        <translation>Hier auf der Platte; sie gehen der Reihe nach, sobald RabbitMQ sie nimmt</translation>
    </message>
    <message>
        <source>{n} unconfirmed</source>
        <translation>{n} unbestätigt</translation>
    </message>
    <message>
        <source>Sent; RabbitMQ has not yet said that it keeps them</source>
        <translation>Gesendet; RabbitMQ hat sie noch nicht bestätigt</translation>
    </message>
    <message>
        <source>{rate}/s</source>
        <translation>{rate}/s</translation>
    </message>
    <message>
        <source>Messages in the last two seconds, sent and received</source>
        <translation>Nachrichten der letzten zwei Sekunden, gesendet und empfangen</translation>
    </message>
    <message>
        <source>· again in {n} s</source>
        <translation>· wieder in {n} s</translation>
    </message>
</context>
<context>
    <name>StatusDetails</name>
    <message>
        <source>Connection details</source>
        <translation>Verbindungsdetails</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>StepsModel</name>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nach</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
</context>
<context>
    <name>StockModel</name>
    <message>
        <source>Product</source>
        <translation>Produkt</translation>
    </message>
    <message>
        <source>On hand</source>
        <translation>Vorhanden</translation>
    </message>
    <message>
        <source>Reserved</source>
        <translation>Reserviert</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Frei</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Units that orders wait for</source>
        <translation>Stück, auf die Bestellungen warten</translation>
    </message>
    <message>
        <source>{0} (withdrawn)</source>
        <translation>{0} (zurückgezogen)</translation>
    </message>
    <message>
        <source>No longer offered</source>
        <translation>Nicht mehr im Angebot</translation>
    </message>
    <message>
        <source>Nothing free</source>
        <translation>Nichts frei</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>Knapp</translation>
    </message>
</context>
<context>
    <name>StockPane</name>
    <message>
        <source>Find a product</source>
        <translation>Produkt finden</translation>
    </message>
    <message>
        <source>Stock</source>
        <translation>Bestand</translation>
    </message>
    <message>
        <source>Show these alone</source>
        <translation>Nur diese zeigen</translation>
    </message>
    <message>
        <source>Show what is offered</source>
        <translation>Das Angebot zeigen</translation>
    </message>
    <message>
        <source>Restock...</source>
        <translation>Nachfüllen...</translation>
    </message>
    <message>
        <source>A delivery of it came in</source>
        <translation>Eine Lieferung davon kam an</translation>
    </message>
    <message>
        <source>Adjust...</source>
        <translation>Berichtigen...</translation>
    </message>
    <message>
        <source>Correct what the books say</source>
        <translation>Berichtigen, was die Bücher sagen</translation>
    </message>
    <message>
        <source>Edit...</source>
        <translation>Bearbeiten...</translation>
    </message>
    <message>
        <source>Its price, and from how many free on it is marked as low</source>
        <translation>Sein Preis, und ab wie vielen freien es als knapp gilt</translation>
    </message>
    <message>
        <source>No products</source>
        <translation>Keine Produkte</translation>
    </message>
    <message>
        <source>The catalogue is made when the books are opened.</source>
        <translation>Der Katalog entsteht, wenn die Bücher geöffnet werden.</translation>
    </message>
    <message>
        <source>New product...</source>
        <translation>Neues Produkt...</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Zurückziehen</translation>
    </message>
    <message>
        <source>Import catalogue...</source>
        <translation>Katalog importieren...</translation>
    </message>
    <message>
        <source>Export catalogue...</source>
        <translation>Katalog exportieren...</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>Katalog</translation>
    </message>
    <message>
        <source>New products, withdrawn ones, and the catalogue as a CSV file</source>
        <translation>Neue Produkte, zurückgezogene, und der Katalog als CSV-Datei</translation>
    </message>
    <message>
        <source>Withdraw a product, or offer it again</source>
        <translation>Ein Produkt zurückziehen oder wieder anbieten</translation>
    </message>
    <message>
        <source>Withdraw {0}</source>
        <translation>{0} zurückziehen</translation>
    </message>
    <message>
        <source>Offer {0} again</source>
        <translation>{0} wieder anbieten</translation>
    </message>
    <message>
        <source>{0} withdrawn</source>
        <translation>{0} zurückgezogen</translation>
    </message>
    <message>
        <source>Show withdrawn products ({0})</source>
        <translation>Zurückgezogene zeigen ({0})</translation>
    </message>
    <message>
        <source>{0} low</source>
        <translation>{0} knapp</translation>
    </message>
    <message>
        <source>Import catalogue</source>
        <translation>Katalog importieren</translation>
    </message>
    <message>
        <source>Export catalogue</source>
        <translation>Katalog exportieren</translation>
    </message>
</context>
<context>
    <name>TableWithEmptyState</name>
    <message>
        <source>Nothing matches</source>
        <translation>Nichts passt dazu</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
</context>
<context>
    <name>Texts</name>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>d</source>
        <comment>days, short</comment>
        <translation>T</translation>
    </message>
    <message>
        <source>d MMM HH:mm</source>
        <comment>Qt&apos;s letters for day, month, hour and minute</comment>
        <translation>d. MMM HH:mm</translation>
    </message>
</context>
<context>
    <name>TimelineModel</name>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nach</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
</context>
<context>
    <name>ToShip</name>
    <message>
        <source>Nothing to ship</source>
        <translation>Nichts zu versenden</translation>
    </message>
    <message>
        <source>Orders whose stock is reserved wait here to be sent out.</source>
        <translation>Bestellungen mit reservierter Ware warten hier auf den Versand.</translation>
    </message>
    <message>
        <source>Ship</source>
        <translation>Versenden</translation>
    </message>
    <message>
        <source>Really ship {0}</source>
        <translation>{0} wirklich versenden</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>Bestellung stornieren</translation>
    </message>
    <message>
        <source>Really cancel {0}</source>
        <translation>{0} wirklich stornieren</translation>
    </message>
    <message>
        <source>Orders to ship</source>
        <translation>Zu versendende Bestellungen</translation>
    </message>
    <message>
        <source>Print...</source>
        <translation>Drucken...</translation>
    </message>
    <message>
        <source>Save as PDF...</source>
        <translation>Als PDF speichern...</translation>
    </message>
    <message>
        <source>Pick list</source>
        <translation>Pickliste</translation>
    </message>
    <message>
        <source>Of the orders selected, or of all in this list</source>
        <translation>Der gewählten Bestellungen, oder aller dieser Liste</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open Order Desk</source>
        <translation>Order Desk öffnen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Order Desk: {n} unread</source>
        <translation>Order Desk: {n} ungelesen</translation>
    </message>
</context>
<context>
    <name>UserChip</name>
    <message>
        <source>You are {name}</source>
        <translation>Sie sind {name}</translation>
    </message>
    <message>
        <source>User id {id}</source>
        <translation>Benutzerkennung {id}</translation>
    </message>
    <message>
        <source>New window as...</source>
        <translation>Neues Fenster als...</translation>
    </message>
    <message>
        <source>Name and colour...</source>
        <translation>Name und Farbe...</translation>
    </message>
    <message>
        <source>Copy user id</source>
        <translation>Benutzerkennung kopieren</translation>
    </message>
</context>
<context>
    <name>Views</name>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Refused today</source>
        <translation>Heute abgelehnt</translation>
    </message>
    <message>
        <source>Waiting for stock</source>
        <translation>Wartet auf Ware</translation>
    </message>
    <message>
        <source>Not sent yet</source>
        <translation>Noch nicht gesendet</translation>
    </message>
    <message>
        <source>Unread</source>
        <translation>Ungelesen</translation>
    </message>
    <message>
        <source>Missed and unread</source>
        <translation>Verpasst und ungelesen</translation>
    </message>
</context>
<context>
    <name>ViewsButton</name>
    <message>
        <source>Views</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>Filters under a name: choose one, or keep what is filtered now</source>
        <translation>Filter mit Namen: einen wählen, oder behalten, was jetzt gefiltert ist</translation>
    </message>
    <message>
        <source>Keep this filter...</source>
        <translation>Diesen Filter behalten...</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep this filter</source>
        <translation>Diesen Filter behalten</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>No order waits for stock</source>
        <translation>Keine Bestellung wartet auf Ware</translation>
    </message>
    <message>
        <source>Orders that may wait are served when stock comes in.</source>
        <translation>Bestellungen, die warten dürfen, werden bedient, wenn Ware kommt.</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>Bestellung stornieren</translation>
    </message>
    <message>
        <source>Really cancel {0}</source>
        <translation>{0} wirklich stornieren</translation>
    </message>
    <message>
        <source>Orders waiting for stock</source>
        <translation>Bestellungen, die auf Ware warten</translation>
    </message>
</context>
<context>
    <name>WarehouseOrdersModel</name>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Bestellung</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Reserved</source>
        <translation>Reserviert</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlt</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Seit</translation>
    </message>
</context>
<context>
    <name>WarehouseTab</name>
    <message>
        <source>Warehouse</source>
        <translation>Lager</translation>
    </message>
    <message>
        <source>No order waits in the queue: nothing to step to</source>
        <translation>In der Queue wartet keine Bestellung: Es gibt nichts zu tun</translation>
    </message>
    <message>
        <source>RabbitMQ is served with these books now</source>
        <translation>RabbitMQ wird jetzt mit diesen Büchern bedient</translation>
    </message>
    <message>
        <source>Clients are told to follow these books already</source>
        <translation>Kunden ist schon gesagt, dass sie diesen Büchern folgen</translation>
    </message>
    <message>
        <source>Pick list of {0} orders written to {1}</source>
        <translation>Pickliste von {0} Bestellungen nach {1} geschrieben</translation>
    </message>
</context>
<context>
    <name>WarehouseToolbar</name>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Orders wait in RabbitMQ meanwhile</source>
        <translation>Bestellungen warten derweil in RabbitMQ</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Take one order from the queue, then wait again</source>
        <translation>Eine Bestellung aus der Queue nehmen, dann wieder warten</translation>
    </message>
    <message>
        <source>Consumers</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>How many take orders from the queue side by side; from the next start on</source>
        <translation>Wie viele nebeneinander Bestellungen nehmen; ab dem nächsten Start</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Serve RabbitMQ with these books from now on, and with no others</source>
        <translation>RabbitMQ von jetzt an mit diesen Büchern bedienen, und mit keinen anderen</translation>
    </message>
    <message>
        <source>Serve these books instead?</source>
        <translation>Stattdessen diese Bücher bedienen?</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Take over...</source>
        <translation>Übernehmen ...</translation>
    </message>
    <message>
        <source>Clients that follow other books at this RabbitMQ follow these from now on</source>
        <translation>Kunden, die an diesem RabbitMQ anderen Büchern folgen, folgen von jetzt an diesen</translation>
    </message>
    <message>
        <source>processed</source>
        <translation>bearbeitet</translation>
    </message>
    <message>
        <source>Orders processed since the start</source>
        <translation>Seit dem Start bearbeitete Bestellungen</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>Orders refused or set aside since the start</source>
        <translation>Seit dem Start abgelehnt oder beiseitegelegt</translation>
    </message>
    <message>
        <source>in the queue</source>
        <translation>in der Queue</translation>
    </message>
    <message>
        <source>Orders in RabbitMQ that no warehouse has taken yet</source>
        <translation>Bestellungen in RabbitMQ, die noch kein Lager genommen hat</translation>
    </message>
    <message>
        <source>wait for stock</source>
        <translation>warten auf Ware</translation>
    </message>
    <message>
        <source>Orders that wait until stock comes in</source>
        <translation>Bestellungen, die auf Ware warten</translation>
    </message>
    <message>
        <source>per second</source>
        <translation>pro Sekunde</translation>
    </message>
    <message>
        <source>Decided per second, over the last 5 seconds</source>
        <translation>Entschieden pro Sekunde, über die letzten 5 Sekunden</translation>
    </message>
    <message>
        <source>slowest</source>
        <translation>langsamste</translation>
    </message>
    <message>
        <source>The longest from arrival to decision, in the last minute</source>
        <translation>Der längste Weg von der Ankunft zur Entscheidung, in der letzten Minute</translation>
    </message>
    <message>
        <source>Decided per second, the last minute</source>
        <translation>Entschieden pro Sekunde, letzte Minute</translation>
    </message>
    <message>
        <source>Decided per second, the last minute: at most {0}</source>
        <translation>Entschieden pro Sekunde, letzte Minute: höchstens {0}</translation>
    </message>
    <message>
        <source>Slowest of each second, the last minute</source>
        <translation>Langsamste jeder Sekunde, letzte Minute</translation>
    </message>
    <message>
        <source>From arrival to decision, the slowest of each second: at most {0}</source>
        <translation>Von Ankunft bis Entscheidung, die langsamste jeder Sekunde: höchstens {0}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Place an order</source>
        <translation>Eine Bestellung aufgeben</translation>
    </message>
    <message>
        <source>Choose products, press Place. It waits on disk until it can go.</source>
        <translation>Produkte wählen, Bestellen drücken. Die Bestellung wartet auf der Platte, bis sie gehen kann.</translation>
    </message>
    <message>
        <source>Run the warehouse</source>
        <translation>Das Lager führen</translation>
    </message>
    <message>
        <source>Take orders as they come and reserve the stock.</source>
        <translation>Bestellungen annehmen und die Ware reservieren.</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>Zusehen</translation>
    </message>
    <message>
        <source>See what becomes of your orders, the moment it happens.</source>
        <translation>Sehen, was aus Ihren Bestellungen wird, sobald es geschieht.</translation>
    </message>
    <message>
        <source>Choose products</source>
        <translation>Produkte wählen</translation>
    </message>
    <message>
        <source>Start the warehouse</source>
        <translation>Lager starten</translation>
    </message>
    <message>
        <source>Listen</source>
        <translation>Zuhören</translation>
    </message>
    <message>
        <source>Do not show again</source>
        <translation>Nicht mehr zeigen</translation>
    </message>
    <message>
        <source>Hide the first steps</source>
        <translation>Erste Schritte ausblenden</translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>Was möchten Sie tun?</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Roles</source>
        <translation>Rollen</translation>
    </message>
</context>
<context>
    <name>WindowCommands</name>
    <message>
        <source>The command line or environment names a RabbitMQ: the next start will use that one.</source>
        <translation>Die Befehlszeile oder Umgebung nennt einen RabbitMQ: Der nächste Start nimmt diesen.</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Copy the selected rows</source>
        <translation>Die gewählten Zeilen kopieren</translation>
    </message>
    <message>
        <source>Select all rows</source>
        <translation>Alle Zeilen auswählen</translation>
    </message>
    <message>
        <source>Open or add the selected row</source>
        <translation>Die gewählte Zeile öffnen oder hinzufügen</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Next page of a tab</source>
        <translation>Nächste Seite eines Reiters</translation>
    </message>
    <message>
        <source>Close a dialog</source>
        <translation>Einen Dialog schließen</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Data directory</source>
        <translation>Datenordner</translation>
    </message>
    <message>
        <source>Waiting to send</source>
        <translation>Zu senden</translation>
    </message>
    <message>
        <source>Unconfirmed</source>
        <translation>Unbestätigt</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
</context>
<context>
    <name>_ProblemRow</name>
    <message>
        <source>Show what led to it</source>
        <translation>Zeigen, was dazu führte</translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation>Protokoll zeigen</translation>
    </message>
    <message>
        <source>Copy these words</source>
        <translation>Diese Worte kopieren</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>{n} times, last {time}</source>
        <translation>{n} Mal, zuletzt {time}</translation>
    </message>
</context>
</TS>
