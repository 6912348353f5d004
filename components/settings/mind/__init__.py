"""The choice of the engine's mind: rules, a model on this computer, or an Ollama that runs here."""
