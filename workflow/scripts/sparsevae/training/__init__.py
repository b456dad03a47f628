"""How a model is trained: the loop, its checkpoints, its optimiser."""
