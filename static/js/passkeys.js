/*
 * Passkeys: asks the browser for one and sends its answer with the form.
 *   form[data-passkey="create"]   makes a new passkey
 *   form[data-passkey="get"]      shows one that is known
 *   [data-options="id or /path/"] what the server asks for: a JSON element of the page, or an address
 *                                 that gives it when the button is pressed
 *   [data-when="unsupported" | "failed" | "known"]   sentences inside the form, hidden until then
 * The form's buttons are `disabled` in the page, and a `hidden` form stays hidden, where passkeys
 * cannot be had: without this file, without HTTPS (but for localhost), in an old browser.
 */
(function () {
  'use strict';

  const can = window.isSecureContext && 'PublicKeyCredential' in window;

  // -- Bytes travel as base64url -------------------------------------------------------------------

  function bytes(text) {
    const plain = window.atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return window.btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }

  const withBytes = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  // -- The two actions -------------------------------------------------------------------------------

  function create(asked) {
    // Kept in the device, so that it says by itself whose it is, and opened by finger, face or PIN.
    const wanted = { residentKey: 'required', requireResidentKey: true, userVerification: 'required' };
    return navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: withBytes(asked.excludeCredentials),
        authenticatorSelection: { ...asked.authenticatorSelection, ...wanted },
      },
    });
  }

  function get(asked) {
    return navigator.credentials.get({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        allowCredentials: withBytes(asked.allowCredentials),
      },
    });
  }

  function answer(credential) {
    const response = {};
    for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || null,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  }

  async function optionsOf(form) {
    const place = form.dataset.options;
    if (!place.startsWith('/')) return JSON.parse(document.getElementById(place).textContent);
    const reply = await fetch(place, { headers: { Accept: 'application/json' } });
    if (!reply.ok) throw new Error(`${place}: ${reply.status}`);
    return (await reply.json()).request_options;
  }

  // -- Forms ---------------------------------------------------------------------------------------

  function say(form, what) {
    for (const note of form.querySelectorAll('[data-when]')) note.hidden = note.dataset.when !== what;
  }

  async function ask(form, button) {
    say(form, null);
    button.disabled = true;
    try {
      const asked = (await optionsOf(form)).publicKey;
      const credential = await (form.dataset.passkey === 'create' ? create(asked) : get(asked));
      form.elements.credential.value = answer(credential);
      form.submit();
    } catch (problem) {
      button.disabled = false;
      say(form, problem.name === 'InvalidStateError' ? 'known' : 'failed');
      button.focus();
    }
  }

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    if (!can) {
      say(form, 'unsupported');
      continue;
    }
    const button = form.querySelector('button');
    form.hidden = button.disabled = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      ask(form, button);
    });
    window.addEventListener('pageshow', () => (button.disabled = false)); // back by the back button
  }
})();
