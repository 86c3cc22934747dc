"""Icons as path data on a grid of 24, drawn inline so that they need no request."""

from __future__ import annotations

# Each is the content of an <svg>; the stroke and its colour come from the stylesheet.
ICONS: dict[str, str] = {
    "shield": '<path d="M12 3l7 3v5c0 4.6-2.9 8.3-7 10-4.1-1.7-7-5.4-7-10V6z"/>'
    '<path d="M9 12l2.2 2.2L15.5 10"/>',
    "overview": '<path d="M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z"/>',
    "report": '<path d="M12 5v14M5 12h14"/>',
    "list": '<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01"/>',
    "inbox": '<path d="M4 13l3-8h10l3 8v6H4z"/><path d="M4 13h4.5l1.5 3h4l1.5-3H20"/>',
    "units": '<path d="M6 15v-3h12v3M12 9v3"/><path d="M9 4h6v5H9zM3 15h6v5H3zM15 15h6v5h-6z"/>',
    "signal": '<path d="M3 17l5-5 4 3 8-9"/><path d="M15 6h5v5"/>',
    "effect": '<path d="M3 8h8v8h10"/><path d="M11 3v2M11 19v2M17 12l4 4-4 4"/>',
    "map": '<path d="M12 21c4-4.5 6-7.8 6-11a6 6 0 1 0-12 0c0 3.2 2 6.5 6 11z"/>'
    '<circle cx="12" cy="10" r="2"/>',
    "import": '<path d="M12 4v10M8 10l4 4 4-4M5 16v4h14v-4"/>',
    "download": '<path d="M12 4v10M8 10l4 4 4-4M5 20h14"/>',
    "journal": '<path d="M6 3h11a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6zM9 8h6M9 12h6M9 16h3"/>',
    "account": '<circle cx="12" cy="8" r="4"/><path d="M4 21c1-4 4-6 8-6s7 2 8 6"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="M11 12l8-8M16 7l3 3"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "warning": '<path d="M12 4l9 16H3zM12 10v4.5M12 17.2v.01"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.01"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>',
    "merge": '<path d="M7 4v4c0 4 5 4 5 8v4M17 4v4c0 4-5 4-5 8"/>',
    "lock": '<path d="M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3"/>',
    "flask": '<path d="M10 3h4M11 3v6l-6 10a1.5 1.5 0 0 0 1.3 2h11.4a1.5 1.5 0 0 0 1.3-2'
    'L13 9V3M8 15h8"/>',
    "circle": '<circle cx="12" cy="12" r="7.5"/>',
    "half": '<circle cx="12" cy="12" r="7.5"/><path d="M12 4.5a7.5 7.5 0 0 1 0 15z" '
    'fill="currentColor"/>',
    "dot": '<circle cx="12" cy="12" r="5" fill="currentColor"/>',
    "up": '<path d="M12 19V5M6 11l6-6 6 6"/>',
    "down": '<path d="M12 5v14M6 13l6 6 6-6"/>',
    "left": '<path d="M15 5l-7 7 7 7"/>',
    "right": '<path d="M9 5l7 7-7 7"/>',
    "return": '<path d="M4 10h10a5 5 0 0 1 0 10h-4M8 6l-4 4 4 4"/>',
}
