// The certificate as it is being typed: the picture is asked for anew once the typing pauses.

const PAUSE = 400; // milliseconds
const form = document.querySelector("[data-certificate-form]");
const pictures = document.querySelectorAll("[data-certificate-preview]");

function refresh() {
  for (const picture of pictures) {
    const language = picture.dataset.certificatePreview;
    const address = new URL(picture.src);
    address.search = new URLSearchParams({ language });
    for (const part of ["signer", "position", "words"]) {
      const name = `${part}_${language}`;
      address.searchParams.set(name, form.elements[name].value);
    }
    if (picture.src !== address.href) picture.src = address.href;
  }
}

let waiting;
form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE);
});
