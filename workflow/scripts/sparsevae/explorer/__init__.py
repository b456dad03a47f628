"""Trained models for those who use them: in Python, on the command line, in a page, as ONNX."""
