/*
 * 메뉴설정: items are dragged by their handle, or moved with the arrow keys while it has the focus.
 * The order is that of the list; 순서 저장 sends it. Without this file the buttons of each item move it.
 */
(function () {
  'use strict';

  const form = document.querySelector('[data-menu-form]');
  if (!form) return;
  const tree = form.querySelector('.menu-tree');
  const voice = form.querySelector('[data-menu-voice]');
  const unsaved = form.querySelector('[data-menu-unsaved]');

  const listOf = (item) => item.querySelector(':scope > ol');
  const isTop = (item) => item.parentElement === tree;
  const hasChildren = (item) => listOf(item).children.length > 0;

  /** Each of these returns whether it has moved the item. */
  const steps = {
    ArrowUp(item) {
      item.previousElementSibling?.before(item);
    },
    ArrowDown(item) {
      item.nextElementSibling?.after(item);
    },
    ArrowRight(item) {
      const above = isTop(item) && item.previousElementSibling;
      if (above) listOf(above).append(item, ...listOf(item).children);
    },
    ArrowLeft(item) {
      if (!isTop(item)) item.parentElement.closest('li').after(item);
    },
  };

  const orderOf = () =>
    [...tree.querySelectorAll('li')].map((item) => item.id + (isTop(item) ? '' : '>')).join();
  const saved = orderOf();
  let isSending = false;

  /** Writes the order into the form, and says where the item is now. */
  function settle(item) {
    for (const each of tree.querySelectorAll('li')) {
      const line = each.querySelector(':scope > .menu-row > [name=line]');
      line.value = `${line.value.split(':')[0]}:${isTop(each) ? 0 : 1}`;
      for (const button of each.querySelectorAll(':scope > .menu-row [name=move]')) {
        const isFirst = !each.previousElementSibling;
        button.disabled = {
          up: isFirst,
          down: !each.nextElementSibling,
          in: !isTop(each) || isFirst,
          out: isTop(each),
        }[button.value.split(':')[1]];
      }
    }
    unsaved.hidden = orderOf() === saved;
    const siblings = [...item.parentElement.children];
    const where = `${siblings.length}개 가운데 ${siblings.indexOf(item) + 1}번째`;
    const above = isTop(item) ? '' : `${item.parentElement.closest('li').dataset.name} 아래 `;
    voice.textContent = `${item.dataset.name}: ${above}${where}`;
  }

  for (const handle of tree.querySelectorAll('[data-menu-handle]')) {
    handle.hidden = false;
    handle.addEventListener('keydown', (event) => {
      const step = steps[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const item = handle.closest('li');
      step(item);
      handle.focus(); // an element that is moved loses it
      settle(item);
    });
    handle.addEventListener('pointerdown', (event) => {
      if (event.button === 0) drag(handle, event);
    });
  }

  /** Moves the item with the pointer: above or below the row that it is over, and, held to the right,
   * onto its second level. An item with children stays on the first. */
  function drag(handle, start) {
    const item = handle.closest('li');
    tree.setPointerCapture(start.pointerId); // the item would lose it when it is moved
    item.classList.add('menu-dragged');

    function move(event) {
      const rows = [...tree.querySelectorAll('.menu-row')].filter((row) => !item.contains(row));
      const row = rows.find((each) => {
        const { top, bottom } = each.getBoundingClientRect();
        return event.clientY >= top && event.clientY <= bottom;
      });
      if (!row) return;
      let target = row.closest('li');
      const { left, top, height } = row.getBoundingClientRect();
      const isAbove = event.clientY < top + height / 2;
      if (!isTop(target) && hasChildren(item)) target = target.parentElement.closest('li');
      const goesIn = isTop(target) && !isAbove && !hasChildren(item) && event.clientX > left + 48;
      if (goesIn) listOf(target).prepend(item);
      else if (isAbove) target.before(item);
      else target.after(item);
      item.firstElementChild.scrollIntoView({ block: 'nearest' }); // with room for the next row
    }

    function end() {
      tree.removeEventListener('pointermove', move);
      item.classList.remove('menu-dragged');
      handle.focus();
      settle(item);
    }

    tree.addEventListener('pointermove', move);
    tree.addEventListener('lostpointercapture', end, { once: true });
  }

  form.addEventListener('submit', (event) => {
    if (isSending) event.preventDefault();
    isSending = true;
  });
  window.addEventListener('pageshow', () => (isSending = false));
  window.addEventListener('beforeunload', (event) => {
    if (!unsaved.hidden && !isSending) event.preventDefault();
  });
})();
