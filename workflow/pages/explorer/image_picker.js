// A group of radio buttons that are pictures.
(function (sparsevae) {
  "use strict";

  /** Fills `element` with one button per image; `picked(image)` is called when a reader picks. */
  sparsevae.imagePicker = function (element, name, images, dataset, chosen, picked) {
    const counts = new Map();
    element.replaceChildren(
      ...images.map(function (image, index) {
        const number = (counts.get(image.label) || 0) + 1;
        counts.set(image.label, number);
        const label = document.createElement("label");
        const input = document.createElement("input");
        input.type = "radio";
        input.name = name;
        input.value = index;
        input.checked = index === chosen;
        input.setAttribute("aria-label", sparsevae.imageName(dataset, image) + ", " + number);
        input.addEventListener("change", () => picked(index));
        const canvas = document.createElement("canvas");
        canvas.setAttribute("aria-hidden", "true");
        sparsevae.drawPicture(canvas, image.pixels, dataset.shape, 255);
        label.title = sparsevae.imageName(dataset, image);
        label.append(input, canvas);
        return label;
      })
    );
  };

  /** What is on an image, in words: the name of its class. */
  sparsevae.imageName = (dataset, image) =>
    image.label === null ? "your image" : String(dataset.classes[image.label]);
})((window.sparsevae = window.sparsevae || {}));
