/*
 * 팝업레이어: opens the popups of a page one after another. The script stands right behind them and is not
 * deferred, so that they are open when the page is first drawn and nothing moves.
 *
 * On wide windows a popup is a modal dialog. On phones it is a notice within the page: it covers no text and
 * takes no focus, because its place in the reading order is before the page's own text.
 *
 * A closed popup stays closed in this tab; a popup hidden for some hours stays closed in this browser until then.
 */
(function () {
  'use strict';

  const PREFIX = 'popup:';
  const HOUR = 3600 * 1000; // ms
  const phone = window.matchMedia('(max-width: 45rem), (max-height: 30rem)'); // as in popups-plain.css

  /** What `use` returns of a storage; undefined if the browser closes it to us. */
  function withStorage(name, use) {
    try {
      return use(window[name]);
    } catch {
      return undefined;
    }
  }

  function forgetPast(storage) {
    for (const key of Object.keys(storage)) {
      if (key.startsWith(PREFIX) && !(Number(storage.getItem(key)) > Date.now())) storage.removeItem(key);
    }
  }

  function isWanted({ dataset: { key, devices, preview } }) {
    if (preview !== undefined) return true;
    if (devices !== 'all' && (devices === 'phone') !== phone.matches) return false;
    const isHidden = withStorage('localStorage', (storage) => storage.getItem(key));
    const isClosed = withStorage('sessionStorage', (storage) => storage.getItem(key));
    return !isHidden && !isClosed;
  }

  function open(popup) {
    if (!phone.matches) {
      popup.autofocus = true; // the dialog itself, so that its title is read out first
      return popup.showModal();
    }
    popup.classList.add('is-notice');
    popup.setAttribute('open', '');
  }

  function isOutside(popup, { target, clientX, clientY }) {
    const { left, right, top, bottom } = popup.getBoundingClientRect();
    return target === popup && (clientX < left || clientX > right || clientY < top || clientY > bottom);
  }

  withStorage('localStorage', forgetPast);
  const waiting = [...document.querySelectorAll('dialog.popup')].filter(isWanted);
  const openNext = () => waiting.length && open(waiting.shift());

  for (const popup of waiting) {
    popup.addEventListener('close', () => {
      const { key, preview } = popup.dataset;
      if (preview === undefined) withStorage('sessionStorage', (storage) => storage.setItem(key, '1'));
      openNext();
    });
    popup.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (button && 'hide' in button.dataset && popup.dataset.preview === undefined) {
        const until = Date.now() + Number(button.dataset.hide) * HOUR;
        withStorage('localStorage', (storage) => storage.setItem(popup.dataset.key, String(until)));
      }
      if (button || (popup.matches(':not(.is-notice)') && isOutside(popup, event))) popup.close();
    });
    popup.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && popup.matches('.is-notice')) popup.close(); // a modal one closes by itself
    });
  }
  openNext();
})();
