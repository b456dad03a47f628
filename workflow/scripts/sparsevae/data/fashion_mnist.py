"""Fashion-MNIST: 70,000 pictures of clothes, 28x28 pixels (Xiao, Rasul & Vollgraf 2017)."""

from sparsevae.data.idx import IdxDataset

DATASET = IdxDataset(
    name="fashion_mnist",
    module=__name__,
    shape=(1, 28, 28),
    # Zalando's own names, in the order of the labels (README of zalandoresearch/fashion-mnist).
    class_names=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    train_size=60_000,
    test_size=10_000,
    folders=("fashion_mnist", "FashionMNIST/raw"),
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
    md5s=(
        "f4a8712d7a061bf5bd6d2ca38dc4d50a",
        "9018921c3c673c538a1fc5bad174d6f9",
        "8181f5470baa50b63fa0f6fddb340f0a",
        "15d484375f8d13e6eb1aabb0c3f46965",
    ),
)
