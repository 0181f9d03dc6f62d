/*
 * textarea[data-mentions]: '@' offers the names of those who wrote on this page, the nearest last
 * one first. Only an offer, which does not disturb typing. While Hangul is being composed
 * the names are offered too, but no key is taken and no letter touched.
 *   ↓ ↑ choose, Enter or Tab takes, Escape closes; on a phone one taps.
 * input[data-names]: the same for a field of names between commas; the address in it knows them.
 */
(function () {
  'use strict';

  const SHOWN = 5;
  const FIELDS = 'textarea[data-mentions], input[data-names]';
  const WAIT = 150; // ms without a key before the site is asked for names
  const CLOSING = 50; // ms from the end of a syllable to the key that ended it
  const BEGUN = /(?:^|[^a-zA-Z0-9_.+/@-])@([^\s@]{0,16})$/;
  const letters = (name) => name.normalize('NFKD').toLowerCase(); // 'ㅁ' and '미' begin '민지'

  const box = document.createElement('ul');
  box.id = 'mention-names';
  box.className = 'mention-names';
  box.setAttribute('role', 'listbox');
  box.setAttribute('aria-label', '이 글에 쓴 사람');
  box.hidden = true;

  let field = null; // the textarea that the box belongs to at present
  let place = 0; // of the chosen name in the box
  let closedAt = -1; // where the '@' stands that Escape has closed
  let waiting = 0; // to ask the site
  let composing = false;
  let composedAt = -Infinity; // when a syllable was closed last, ms

  function namesHere() {
    const links = document.querySelectorAll('.post-info :is(a, summary).author, .comment header :is(a, summary).author');
    const names = [...links].map((link) => link.textContent.trim());
    return [...new Set(names.reverse())];
  }

  /** The name at the cursor of a field of names, as far as it has been typed; null as below. */
  function nameBegun() {
    const [name] = /[^,\s][^,]*$/.exec(field.value.slice(0, field.selectionEnd)) ?? [''];
    const start = field.selectionEnd - name.length;
    if (!name) closedAt = -1;
    return !name || start === closedAt ? null : { typed: name, start };
  }

  async function askForNames(typed) {
    const response = await fetch(`${field.dataset.names}?q=${encodeURIComponent(typed)}`);
    const { names } = response.ok ? await response.json() : { names: [] };
    if (document.activeElement === field && begun()?.typed === typed) show(names, typed);
  }

  /** What has been typed behind the '@' before the cursor; null when there is none. */
  function begun() {
    if (field.dataset.names) return nameBegun();
    // WebKit has the open syllable selected.
    if (!composing && field.selectionStart !== field.selectionEnd) return null;
    const found = BEGUN.exec(field.value.slice(0, field.selectionEnd));
    if (!found) return null;
    const start = field.selectionEnd - found[1].length - 1;
    return start === closedAt ? null : { typed: found[1], start };
  }

  function close() {
    box.hidden = true;
    box.replaceChildren();
    field?.removeAttribute('aria-activedescendant');
  }

  function choose(number) {
    place = (number + box.children.length) % box.children.length;
    [...box.children].forEach((option, index) => {
      option.setAttribute('aria-selected', String(index === place));
    });
    field.setAttribute('aria-activedescendant', box.children[place].id);
  }

  function offer() {
    const asked = begun();
    clearTimeout(waiting);
    if (!asked) return close();
    if (field.dataset.names) {
      waiting = setTimeout(() => askForNames(asked.typed).catch(close), WAIT);
    } else {
      show(namesHere().filter((name) => letters(name).startsWith(letters(asked.typed))), asked.typed);
    }
  }

  function show(names, typed) {
    if (!names.length || (names.length === 1 && names[0] === typed)) return close();
    box.replaceChildren(
      ...names.slice(0, SHOWN).map((name, index) => {
        const option = document.createElement('li');
        option.id = `mention-name-${index}`;
        option.setAttribute('role', 'option');
        option.textContent = name;
        return option;
      }),
    );
    if (box.previousElementSibling !== field) field.after(box);
    box.hidden = false;
    // Above the field, where neither the hand nor the keyboard of a phone covers it.
    box.style.insetBlockStart = `${field.offsetTop - box.offsetHeight - 4}px`;
    box.style.insetInlineStart = `${field.offsetLeft}px`;
    choose(0);
  }

  function take(option) {
    const asked = begun();
    if (!asked) return close();
    const isName = Boolean(field.dataset.names);
    const name = isName ? option.textContent : `@${option.textContent} `;
    if (isName) closedAt = asked.start; // it is whole now: Enter sends the form again
    field.setRangeText(name, asked.start, field.selectionEnd, 'end');
    close();
    field.dispatchEvent(new Event('input', { bubbles: true })); // it may have grown
  }

  document.addEventListener('input', (event) => {
    if (!event.target.matches(FIELDS)) return;
    if (field !== event.target) {
      field = event.target;
      field.setAttribute('aria-autocomplete', 'list');
      field.setAttribute('aria-controls', box.id);
      box.setAttribute('aria-label', field.dataset.names ? '회원' : '이 글에 쓴 사람');
    }
    composing = event.isComposing;
    if (!field.dataset.names && !field.value.includes('@')) closedAt = -1;
    offer();
  });

  document.addEventListener('keydown', (event) => {
    // A composition has all keys for itself; Safari says so by 229 only. WebKit closes the syllable
    // before it tells of the Enter that closed it.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && event.timeStamp - composedAt < CLOSING) {
      if (!box.hidden && field.dataset.names) event.preventDefault(); // it would send the form
      return;
    }
    if (box.hidden || event.target !== field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowDown') choose(place + 1);
    else if (event.key === 'ArrowUp') choose(place - 1);
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) {
      take(box.children[place]);
    } else if (event.key === 'Escape') {
      closedAt = begun()?.start ?? -1;
      close();
    } else return;
    event.preventDefault();
  });

  document.addEventListener('compositionend', (event) => {
    composing = false;
    composedAt = event.timeStamp;
  });

  box.addEventListener('pointerdown', (event) => event.preventDefault()); // the field keeps the focus
  box.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]');
    if (!option) return;
    field.blur(); // ends a composition, so that its syllable is in the text
    field.focus();
    take(option);
  });

  document.addEventListener('focusout', (event) => {
    if (event.target === field) setTimeout(() => document.activeElement === field || close());
  });
  document.addEventListener('selectionchange', () => {
    if (field && !box.hidden && !begun()) close();
  });
})();
