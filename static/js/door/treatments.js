/* Frames in which no code was found are tried once more, altered. Which alteration turns by one with each
   missed frame, so that over a few frames of the same ticket every one gets its chance.
   Pictures here are {data, width, height}, one grey byte a pixel. */

/** One grey byte a pixel from RGBA. */
export function grey({ data, width, height }) {
  const out = new Uint8ClampedArray(width * height);
  for (let i = 0, j = 0; i < out.length; i += 1, j += 4) {
    out[i] = (data[j] * 77 + data[j + 1] * 150 + data[j + 2] * 29) >> 8;
  }
  return { data: out, width, height };
}

/** RGBA again, as the decoder wants it. */
export function rgba({ data, width, height }) {
  const out = new Uint8ClampedArray(width * height * 4);
  const pixels = new Uint32Array(out.buffer);
  for (let i = 0; i < data.length; i += 1) pixels[i] = 0xff000000 | (data[i] * 0x010101);
  return { data: out, width, height };
}

/** The middle of the picture, at most `maxWidth` × `maxHeight`: people hold tickets in the middle. */
export function middle({ data, width, height }, maxWidth, maxHeight) {
  const w = Math.min(width, maxWidth);
  const h = Math.min(height, maxHeight);
  const left = (width - w) >> 1;
  const top = (height - h) >> 1;
  const out = new Uint8ClampedArray(w * h);
  for (let y = 0; y < h; y += 1) {
    out.set(data.subarray((top + y) * width + left, (top + y) * width + left + w), y * w);
  }
  return { data: out, width: w, height: h };
}

function blurLines(data, out, lines, length, step, stride, radius) {
  const span = 2 * radius + 1;
  for (let line = 0; line < lines; line += 1) {
    const first = line * stride;
    const last = first + (length - 1) * step;
    let sum = data[first] * (radius + 1);
    for (let i = 1; i <= radius; i += 1) sum += data[Math.min(first + i * step, last)];
    for (let at = first, ahead = first + radius * step, behind = ahead - 2 * radius * step; at <= last; at += step) {
      out[at] = sum / span;
      ahead += step;
      sum += data[ahead > last ? last : ahead] - data[behind < first ? first : behind];
      behind += step;
    }
  }
}

function blurInto(out, across, data, { width, height }, radius) {
  blurLines(data, across, height, width, 1, width, radius);
  blurLines(across, out, width, height, width, 1, radius);
}

/** A box blur, which calms noise and the moiré of a photographed screen. */
export function blur(picture, radius = 1) {
  const out = new Uint8ClampedArray(picture.data.length);
  blurInto(out, new Uint8ClampedArray(out.length), picture.data, picture, radius);
  return { ...picture, data: out };
}

/** Twice the size, with linear steps between the pixels, for small codes. */
export function double({ data, width, height }) {
  const w = width * 2;
  const h = height * 2;
  const out = new Uint8ClampedArray(w * h);
  for (let y = 0; y < h; y += 1) {
    const y0 = y >> 1;
    const row = y0 * width;
    const next = Math.min(y0 + (y & 1), height - 1) * width;
    for (let x = 0; x < w; x += 1) {
      const x0 = x >> 1;
      const x1 = Math.min(x0 + (x & 1), width - 1);
      out[y * w + x] = (data[row + x0] + data[row + x1] + data[next + x0] + data[next + x1] + 2) >> 2;
    }
  }
  return { data: out, width: w, height: h };
}

/** Edges made stronger: the picture plus `amount` times what a blur takes away. */
export function unsharp(picture, radius, amount) {
  const soft = blur(picture, radius).data;
  const out = new Uint8ClampedArray(soft.length);
  for (let i = 0; i < out.length; i += 1) out[i] = picture.data[i] + amount * (picture.data[i] - soft[i]);
  return { ...picture, data: out };
}

/** Half the size. */
export function halve({ data, width, height }) {
  const w = width >> 1;
  const h = height >> 1;
  const out = new Uint8ClampedArray(w * h);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0, at = 2 * y * width; x < w; x += 1, at += 2) {
      out[y * w + x] = (data[at] + data[at + 1] + data[at + width] + data[at + width + 1] + 2) >> 2;
    }
  }
  return { data: out, width: w, height: h };
}

const GAIN = 1.5;

/** A picture out of focus or shaken, made sharp: what blurring the guess takes from the picture is added to the guess,
    step by step (van Cittert's way). `radius` is about as wide as the blur. */
export function deblur(picture, radius, steps) {
  const { data } = picture;
  const [guess, soft, across] = [Float32Array.from(data), new Float32Array(data.length), new Float32Array(data.length)];
  for (let step = 0; step < steps; step += 1) {
    blurInto(soft, across, guess, picture, radius);
    blurInto(soft, across, soft, picture, radius);
    for (let i = 0; i < guess.length; i += 1) {
      const better = guess[i] + GAIN * (data[i] - soft[i]);
      guess[i] = better < 0 ? 0 : better > 255 ? 255 : better;
    }
  }
  return { ...picture, data: Uint8ClampedArray.from(guess) };
}

/* What is blurred shows no more in a large picture than in a small one. */
const MODEST = 800;
const modest = (picture) => (picture.width > MODEST ? halve(picture) : picture);

/** The alterations, in the order in which they helped on sample frames. */
export const TREATMENTS = [
  (picture) => deblur(modest(picture), 6, 5),
  (picture) => double(blur(middle(picture, 800, 600), 1)),
  (picture) => unsharp(unsharp(modest(picture), 4, 2), 4, 2),
  (picture) => unsharp(double(middle(picture, 800, 600)), 2, 1),
];

/** Altered RGBA for the nth missed frame in a row. */
export function treated(frame, missed) {
  return rgba(TREATMENTS[missed % TREATMENTS.length](grey(frame)));
}
