"""The style sheet over Fusion: spacing, corners and lines, made from a theme's colours.

Buttons are plain unless they have the property `kind`: `primary` (one per place, in the accent),
`quiet` (no frame until the mouse is over it) or `danger`.
"""

from pathlib import Path

from PySide6.QtGui import QColor

import resources
from desktop.style.colours import CONTRAST, Colours, Tone, blend, ink_on

_STYLES = Path(resources.__file__).parent / "styles"


def _image(name: str) -> str:
    return f'image: url("{(_STYLES / name).as_posix()}");'


def theme_sheet(c: Colours) -> str:
    return _buttons(c) + _fields(c) + _tables(c) + _frame(c)


def _buttons(c: Colours) -> str:
    hover = blend(QColor(c.text), QColor(c.surface), 0.06).name()
    pressed = blend(QColor(c.text), QColor(c.surface), 0.12).name()
    off = f"color: {c.off}; background: {c.window}; border: 1px {'dashed' if c is CONTRAST else 'solid'} {c.line};"
    return f"""
QPushButton, QToolButton {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.control};
  border-radius: 6px; padding: 5px 12px; min-height: 18px; }}
QToolButton {{ padding: 4px 6px; }}
QPushButton:hover, QToolButton:hover {{ background: {hover}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {{ background: {pressed}; }}
QPushButton:disabled, QToolButton:disabled {{ {off} }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{ background: transparent; border-color: transparent; }}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover {{ background: {hover}; }}
QPushButton[kind="quiet"]:checked {{ background: {pressed}; border-color: {c.line}; }}
QPushButton[kind="danger"] {{ color: {c.bad}; }}
QTabBar QToolButton {{ padding: 0; min-height: 0; border-color: {c.line}; border-radius: 4px; }}
QToolButton::menu-indicator {{ image: none; }}
"""


def _fields(c: Colours) -> str:
    return f"""
QLineEdit, QAbstractSpinBox, QComboBox {{ background: {c.surface}; color: {c.text};
  border: 1px solid {c.control}; border-radius: 6px; padding: 4px 8px; min-height: 20px; }}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{ color: {c.off}; background: {c.window}; }}
QLineEdit {{ placeholder-text-color: {c.off}; }}
QPlainTextEdit, QTextEdit {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 6px; padding: 4px; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox::down-arrow {{ {_image("chevron-down.svg")} width: 14px; height: 14px; }}
QComboBox QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.control}; padding: 4px; outline: 0; }}

QCheckBox {{ spacing: 7px; }}
QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {c.muted}; border-radius: 4px;
  background: {c.surface}; }}
QRadioButton {{ spacing: 7px; }}
QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {c.muted}; border-radius: 8px;
  background: {c.surface}; }}
QAbstractSpinBox {{ qproperty-alignment: "AlignRight | AlignVCenter"; padding: 2px 8px 3px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; width: 20px; border: 0; }}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox::up-arrow {{ {_image("chevron-up.svg")} width: 11px; height: 11px; }}
QAbstractSpinBox::down-arrow {{ {_image("chevron-down.svg")} width: 11px; height: 11px; }}
"""


def _tables(c: Colours) -> str:
    return f"""
QAbstractItemView {{ outline: 0; }}
QTableView, QTreeView, QListView {{ background: {c.surface}; alternate-background-color: {c.alternate};
  border: 1px solid {c.line}; border-radius: 6px; gridline-color: {c.line}; }}
QTableView::item {{ padding: 0 5px; }}
QListView[role="offers"] {{ border-color: {c.control}; border-radius: 0; }}
QListView[role="offers"]::item {{ padding: 4px 6px; }}
QHeaderView {{ background: transparent; border: 0; border-bottom: 1px solid {c.line}; }}
QHeaderView::section {{ background: transparent; color: {c.muted}; border: 0; padding: 6px 8px; }}
QHeaderView::down-arrow, QHeaderView::up-arrow {{ subcontrol-position: top center; width: 9px; height: 9px; }}
QHeaderView::down-arrow {{ {_image("chevron-down.svg")} }}
QHeaderView::up-arrow {{ {_image("chevron-up.svg")} }}
QTableCornerButton::section {{ background: {c.surface}; border: 0; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
QScrollBar::handle {{ background: {c.control}; border-radius: 4px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {c.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {c.line}; border: 0; border-radius: 4px; max-height: 8px; text-align: center; }}
"""


def _frame(c: Colours) -> str:
    hover = blend(QColor(c.text), QColor(c.window), 0.06).name()
    return f"""
QMenuBar {{ background: {c.window}; padding: 2px 6px; }}
QMenuBar::item {{ padding: 4px 10px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {c.surface}; border: 1px solid {c.control}; padding: 4px; }}
QMenu::item {{ padding: 6px 28px 6px 12px; border-radius: 4px; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::item:selected {{ background: {blend(QColor(c.text), QColor(c.surface), 0.08).name()}; color: {c.text}; }}
QMenu::item:disabled {{ color: {c.off}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 8px; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {c.line}; }}
QTabWidget::tab-bar {{ left: 8px; }}
QTabBar {{ background: {c.window}; }}
QTabBar::tab {{ background: transparent; color: {c.muted}; border: 0; border-bottom: 2px solid transparent;
  padding: 9px 14px 7px 10px; margin-right: 4px; }}
QTabBar::tab:hover {{ color: {c.text}; }}
QTabBar::tab:selected {{ color: {c.text}; }}
QSplitter::handle {{ background: transparent; }}
QFrame[role="status"] {{ background: {c.window}; border: 0; border-top: 1px solid {c.line}; }}
QToolTip {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.control}; padding: 5px 8px; }}
QLabel[role="muted"] {{ color: {c.muted}; }}
QLabel[role="good"] {{ color: {c.good}; }}
QLabel[role="bad"] {{ color: {c.bad}; }}
QLabel[role="warn"] {{ color: {c.warn}; }}
QFrame[role="card"] {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 8px; }}
QFrame[role="problem"] {{ background: {c.wash(Tone.BAD).name()}; border: 1px solid {c.bad}; border-radius: 6px; }}
QFrame[role="line"] {{ background: {c.line}; border: 0; max-height: 1px; }}
"""


def accent_sheet(accent: QColor, selected: QColor, c: Colours) -> str:
    """What one window adds: the accent of its user. Words on the accent are white or black, as reads better."""
    name, ink = accent.name(), ink_on(accent).name()
    hover = blend(QColor(ink), accent, 0.12).name()
    tick = "check-dark.svg" if ink_on(accent) == QColor("black") else "check-light.svg"
    return f"""
QCheckBox::indicator:checked {{ background: {name}; border-color: {name}; {_image(tick)} }}
QRadioButton::indicator:checked {{ border: 4px solid {name}; width: 8px; height: 8px; }}
QTabBar::tab:selected {{ border-bottom-color: {name}; }}
QAbstractItemView, QLineEdit, QPlainTextEdit {{ selection-background-color: {selected.name()};
  selection-color: {c.text}; }}
QPushButton[kind="primary"] {{ background: {name}; color: {ink}; border-color: {name}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {hover}; border-color: {hover}; }}
QPushButton[kind="primary"]:disabled {{ background: {c.window}; color: {c.off}; border-color: {c.line}; }}
QPushButton:focus, QToolButton:focus {{ border-color: {name}; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus:!checked {{ border: 2px solid {c.text};
  width: 12px; height: 12px; }}
QRadioButton::indicator:focus:checked {{ border-color: {c.text}; }}
QTabBar::tab:selected:focus {{ color: {name}; border-bottom-color: {c.text}; }}
QPushButton[kind="primary"]:focus {{ border-color: {c.text}; }}
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTableView:focus {{
  border-color: {name}; }}
QProgressBar::chunk {{ background: {name}; border-radius: 4px; }}
"""
