"""Posterior and prior distributions of the latents."""
