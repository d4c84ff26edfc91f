"""The order system, without a window: it also runs headless and loads no Qt."""
