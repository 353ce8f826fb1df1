"""The story of Avenant, played with real parts, and the tiny model that it calls."""
