/*
 * input[data-check-name="username" or "nickname"]: says below the field whether the name is free as
 * soon as one leaves it. The form's data-check-names is the address to ask; the form itself asks
 * again when it is sent, and works without this file.
 */
(function () {
  'use strict';

  async function check(input) {
    const form = input.form;
    const words = lineOf(input);
    const name = input.value.trim();
    words.textContent = '';
    words.classList.remove('free', 'taken');
    if (!name) return;
    const body = new FormData();
    body.append('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value);
    body.append('kind', input.dataset.checkName);
    body.append('name', name);
    try {
      const answer = await fetch(form.dataset.checkNames, { method: 'POST', body });
      if (!answer.ok || input.value.trim() !== name) return; // too often, or typed on meanwhile
      const { is_free: isFree, sentence } = await answer.json();
      words.textContent = sentence;
      words.classList.add(isFree ? 'free' : 'taken');
    } catch {
      // no answer: the form asks when it is sent
    }
  }

  /** The line below the field, there before it has something to say so that it is read out. */
  function lineOf(input) {
    return document.getElementById(`${input.id}_check`);
  }

  for (const input of document.querySelectorAll('input[data-check-name]')) {
    const line = document.createElement('p');
    line.id = `${input.id}_check`;
    line.className = 'name-check';
    line.setAttribute('role', 'status');
    input.after(line);
    input.addEventListener('change', () => check(input));
  }
})();
