"""What the latents of a trained model do, as pictures: decoded, moved, drawn, switched."""
