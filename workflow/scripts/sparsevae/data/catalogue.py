"""The datasets there are, by name; each declares itself in a module of its own.

The Snakefile reads the catalogue each time that it is parsed: nothing here imports torch,
torchvision or scikit-learn at its top. Jobs get what they need of a dataset through their params
instead, so that an edited dataset remakes itself and no other.
"""

from sparsevae.data import celeba, digits, fashion_mnist, mnist, mnist_5k, smiley, uci_har
from sparsevae.data.dataset import Dataset

CATALOGUE: dict[str, Dataset] = {
    module.DATASET.name: module.DATASET
    for module in (digits, smiley, mnist, fashion_mnist, uci_har, celeba, mnist_5k)
}
