/*
 * [data-crop] around a file field: shows the chosen picture in a square frame, in which one drags and
 * zooms with mouse, fingers, or the keys ← ↑ → ↓ + -. Sends the square alone, as "x,y,size" in the
 * hidden field [name=crop] (accounts/pictures.py says in which measures); the server cuts. Without
 * this file, or with one that the browser cannot read, the field stays empty: the middle is cut.
 */
(function () {
  'use strict';

  const MOST = 4; // times larger than the whole: 1 / SMALLEST_CROP of the server
  const KEPT = 1600; // px of the picture's shorter side; a telephone's memory is small
  const STEP = 0.04; // of the frame, for one press of a key

  const box = document.querySelector('[data-crop]');
  if (!box) return;
  const file = box.querySelector('input[type=file]');
  const field = box.querySelector('[name=crop]');
  const frame = box.querySelector('[data-crop-frame]');
  const canvas = frame.querySelector('canvas');
  const range = frame.querySelector('input[type=range]');

  let picture = null; // what is drawn
  let middle = { x: 0, y: 0 }; // of the square, in pixels of the picture
  let zoom = 1;
  const fingers = new Map(); // pointers that are down: id → their last event

  const shorter = () => Math.min(picture.width, picture.height);
  const side = () => shorter() / zoom;
  const within = (value, least, most) => Math.min(Math.max(value, least), most);

  function draw() {
    const half = side() / 2;
    middle.x = within(middle.x, half, picture.width - half);
    middle.y = within(middle.y, half, picture.height - half);
    const left = middle.x - half;
    const top = middle.y - half;
    const pen = canvas.getContext('2d');
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, left, top, side(), side(), 0, 0, canvas.width, canvas.height);
    range.value = zoom;
    field.value = [left / picture.width, top / picture.height, 1 / zoom]
      .map((part) => part.toFixed(4))
      .join(',');
  }

  function zoomTo(value) {
    zoom = within(value, 1, MOST);
    draw();
  }

  /** Moves what is seen by so many frames' breadths. */
  function move(right, down) {
    middle.x -= right * side();
    middle.y -= down * side();
    draw();
  }

  async function read(chosen) {
    const whole = await createImageBitmap(chosen); // upright already
    const scale = KEPT / Math.min(whole.width, whole.height);
    if (scale >= 1) return whole;
    const small = await createImageBitmap(whole, {
      resizeWidth: Math.round(whole.width * scale),
      resizeHeight: Math.round(whole.height * scale),
      resizeQuality: 'medium',
    });
    whole.close();
    return small;
  }

  async function begin() {
    const chosen = file.files[0];
    field.value = '';
    frame.hidden = true;
    if (!chosen) return;
    try {
      const found = await read(chosen);
      if (chosen !== file.files[0]) return; // another one was chosen meanwhile
      picture = found;
    } catch {
      return; // the server says what is wrong with it
    }
    zoom = 1;
    middle = { x: picture.width / 2, y: picture.height / 2 };
    frame.hidden = false;
    draw();
  }

  file.addEventListener('change', begin);
  range.addEventListener('input', () => zoomTo(Number(range.value)));

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
  });
  canvas.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const breadth = canvas.clientWidth;
    const apart = () => {
      const [one, other] = [...fingers.values()];
      return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    };
    const was = fingers.size === 2 ? apart() : 0;
    fingers.set(event.pointerId, event);
    if (was) zoomTo((zoom * apart()) / was);
    // Two fingers move the picture half as far each.
    const share = breadth * fingers.size;
    move((event.clientX - before.clientX) / share, (event.clientY - before.clientY) / share);
  });
  for (const end of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }

  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = {
      ArrowLeft: () => move(STEP, 0),
      ArrowRight: () => move(-STEP, 0),
      ArrowUp: () => move(0, STEP),
      ArrowDown: () => move(0, -STEP),
      '+': () => zoomTo(zoom * 1.1),
      '=': () => zoomTo(zoom * 1.1),
      '-': () => zoomTo(zoom / 1.1),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  begin(); // a browser that comes back here may have kept the file
})();
