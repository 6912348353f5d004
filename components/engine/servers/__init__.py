"""Stages of the engine that are other servers, and the choice of who does the work of each stage.

Modules that import `openai` are themselves imported only for a stage that has a server: the package takes more than
half a second to load.
"""
