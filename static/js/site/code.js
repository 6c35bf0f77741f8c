// The 8-digit code, shown as 1234 5678 however it arrives: typed, pasted with text around it, suggested by the phone.
const LENGTH = 8;
const HALF = LENGTH / 2;

export function grouped(text) {
  const digits = text.normalize('NFKC').replace(/\D/g, '').slice(0, LENGTH);
  return digits.length > HALF ? `${digits.slice(0, HALF)} ${digits.slice(HALF)}` : digits;
}

// Where the caret belongs after regrouping: behind as many digits as before.
export function caretAfter(shown, digits) {
  return digits > HALF ? Math.min(digits + 1, shown.length) : digits;
}

export function start(input) {
  input.addEventListener('input', (event) => {
    if (event.isComposing) return;
    const before = input.value.slice(0, input.selectionStart ?? input.value.length).replace(/\D/g, '').length;
    input.value = grouped(input.value);
    const caret = caretAfter(input.value, before);
    input.setSelectionRange(caret, caret);
  });
  input.value = grouped(input.value);
}
