"""The version of Parley."""

VERSION = '0.9.0'
