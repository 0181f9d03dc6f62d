/*
 * A picture of a post opens large, in a <dialog> over the page: those above the text
 * (.pictures a > img) and those inside it (.post-body img). Without this file the links of the former
 * open the picture by itself.
 *
 * Keys: ← → Home End, Esc closes. Fingers: a swipe to the side. The caption is the picture's alt, as
 * text. The address shown is the one of the page's own picture, so what moves goes on moving.
 */
(function () {
  'use strict';

  const SMALLEST = 96; // px: smiles and icons do not open
  const SWIPE = 48; // px

  const openers = []; // what one presses, in the order of the page
  let dialog = null; // made when it is first needed
  let parts = {};
  let shown = 0;
  let opener = null; // gets the focus back

  const pictureOf = (each) => (each.matches('img') ? each : each.querySelector('img'));

  // -- The dialog ----------------------------------------------------------------------------------

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function button(className, label, sign, action) {
    const made = element('button', { type: 'button', className, textContent: sign, onclick: action });
    made.setAttribute('aria-label', label);
    return made;
  }

  function build() {
    parts.picture = element('img', { alt: '' });
    parts.caption = element('p', { className: 'caption' });
    parts.count = element('p', { className: 'count' });
    parts.count.setAttribute('role', 'status');
    parts.stage = element('div', { className: 'stage' }, parts.picture);
    parts.back = button('back', '이전 사진', '‹', () => show(shown - 1));
    parts.on = button('on', '다음 사진', '›', () => show(shown + 1));
    parts.close = button('close', '닫기', '✕', () => dialog.close());
    dialog = element('dialog', { className: 'lightbox' });
    dialog.setAttribute('aria-label', '사진 크게 보기');
    dialog.append(
      element('div', { className: 'bar' }, parts.count, parts.close),
      parts.back,
      parts.stage,
      parts.on,
      parts.caption,
    );
    dialog.addEventListener('keydown', onKey);
    dialog.addEventListener('close', () => {
      parts.picture.removeAttribute('src');
      opener.focus({ preventScroll: true });
    });
    parts.stage.addEventListener('click', (event) => {
      if (event.target === parts.stage) dialog.close(); // beside the picture
    });
    watchFingers(parts.stage);
    document.body.append(dialog);
  }

  function show(place) {
    if (place < 0 || place >= openers.length) return;
    shown = place;
    const picture = pictureOf(openers[place]);
    dialog.classList.add('is-loading');
    parts.picture.onload = parts.picture.onerror = () => dialog.classList.remove('is-loading');
    parts.picture.src = picture.currentSrc || picture.src;
    parts.picture.alt = picture.alt;
    parts.caption.textContent = picture.alt;
    parts.count.textContent = `${place + 1} / ${openers.length}`;
    parts.count.setAttribute('aria-label', `사진 ${openers.length}장 가운데 ${place + 1}번째`);
    parts.back.disabled = place === 0;
    parts.on.disabled = place === openers.length - 1;
    if (document.activeElement?.disabled || document.activeElement === document.body) {
      parts.close.focus();
    }
    for (const near of [place - 1, place + 1]) {
      if (openers[near]) new Image().src = pictureOf(openers[near]).src; // at hand when it is asked for
    }
  }

  function open(place) {
    if (!dialog) build();
    opener = openers[place];
    dialog.showModal();
    parts.close.focus();
    show(place);
  }

  function onKey(event) {
    const places = { ArrowLeft: shown - 1, ArrowRight: shown + 1, Home: 0, End: openers.length - 1 };
    if (!(event.key in places) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(places[event.key]);
  }

  function watchFingers(stage) {
    let start = null;
    stage.addEventListener('pointerdown', (event) => {
      start = event.isPrimary && event.pointerType !== 'mouse' ? event : null;
    });
    stage.addEventListener('pointercancel', () => (start = null));
    stage.addEventListener('pointerup', (event) => {
      if (!start) return;
      const across = event.clientX - start.clientX;
      const down = event.clientY - start.clientY;
      start = null;
      if (Math.abs(across) < SWIPE || Math.abs(across) < 2 * Math.abs(down)) return;
      show(shown + (across < 0 ? 1 : -1));
    });
  }

  // -- The page ------------------------------------------------------------------------------------

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // a new tab
    const place = openers.indexOf(event.currentTarget);
    event.preventDefault();
    open(place);
  }

  function isSmall(picture) {
    const width = Number(picture.getAttribute('width')) || picture.naturalWidth;
    return width > 0 && width < SMALLEST;
  }

  for (const picture of document.querySelectorAll('.pictures a > img, .post-body img')) {
    const link = picture.closest('a');
    if (isSmall(picture) || (link && link.href !== picture.src)) continue;
    const each = link || picture;
    if (!link) {
      picture.tabIndex = 0;
      picture.setAttribute('role', 'button');
      if (!picture.alt) picture.removeAttribute('alt'); // alt="" would say that it is nothing to press
      picture.setAttribute('aria-label', picture.alt ? `${picture.alt}, 크게 보기` : '사진 크게 보기');
      picture.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' || event.key === ' ') press(event);
      });
    }
    each.setAttribute('aria-haspopup', 'dialog');
    each.classList.add('opens-large');
    each.addEventListener('click', press);
    openers.push(each);
  }
})();
