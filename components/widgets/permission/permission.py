"""The module of the browser that tells whether a page may use a device at all."""

from pathlib import Path

PERMISSION = Path(__file__).parent / 'permission.js'
