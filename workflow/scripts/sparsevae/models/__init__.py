"""Autoencoder, VAE and VSC: one objective each."""
