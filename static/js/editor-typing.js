/*
 * What the editor does as one types: Markdown's signs become what they mean, the address of a film
 * becomes its player, words after a picture begin a paragraph. Gives `window.editorTyping` = { addTo }.
 *
 * Nothing happens while an input method puts a syllable together. One Ctrl+Z, or Backspace right
 * afterwards, gives back the signs as they were typed.
 */
(function () {
  'use strict';

  const BLOCKS = [ // typed at the beginning of a paragraph, then a space
    [/^#$/, (ed) => ed.execCommand('FormatBlock', false, 'h2')],
    [/^##$/, (ed) => ed.execCommand('FormatBlock', false, 'h3')],
    [/^###$/, (ed) => ed.execCommand('FormatBlock', false, 'h4')],
    [/^>$/, (ed) => ed.execCommand('mceBlockQuote')],
    [/^[-*]$/, (ed) => ed.execCommand('InsertUnorderedList')],
    [/^1[.)]$/, (ed) => ed.execCommand('InsertOrderedList')],
  ];
  const LINES = [ // alone in a paragraph, then Enter
    [/^```$/, (ed) => ed.execCommand('FormatBlock', false, 'pre')],
    [/^---$/, (ed) => ed.execCommand('InsertHorizontalRule')],
    [ // of a film; other addresses are left to the server
      { test: (text) => /^https?:\/\/\S+$/.test(text) && window.editorMedia.playerOf(text) },
      (ed, text) => window.editorMedia.insertPlayer(ed, window.editorMedia.playerOf(text)),
    ],
  ];
  const MARKS = [ // around words, then a space
    [/\*\*([^\s*](?:[^*]*[^\s*])?)\*\*$/, 2, 'strong'],
    [/~~([^\s~](?:[^~]*[^\s~])?)~~$/, 2, 's'],
    [/`([^`]+)`$/, 1, 'code'],
  ];

  /** The text node before the caret and what of it is typed; null in code, or with a selection. */
  function typedBefore(ed) {
    const { startContainer: node, startOffset: offset, collapsed } = ed.selection.getRng();
    if (!collapsed || node.nodeType !== Node.TEXT_NODE || node.parentElement.closest('pre,code')) return null;
    return { node, offset, text: node.data.slice(0, offset).replace(/\ufeff/g, '') };
  }

  /** Whether `node` is the beginning of a paragraph. */
  function beginsParagraph(ed, node) {
    const block = ed.dom.getParent(node, ed.dom.isBlock);
    return block?.nodeName === 'P' && block.firstChild === node;
  }

  function addShortcuts(ed) {
    let justDone = false; // Backspace means: give the signs back

    function change(action) {
      ed.undoManager.add(); // the signs as they were typed
      ed.undoManager.transact(action);
      justDone = true;
    }

    function replaceBlock(typed, rules) {
      const rule = rules.find(([signs]) => signs.test(typed.text.trim()));
      if (!rule || !beginsParagraph(ed, typed.node)) return false;
      change(() => {
        const block = ed.dom.getParent(typed.node, ed.dom.isBlock);
        typed.node.deleteData(0, typed.offset);
        if (!block.textContent) block.innerHTML = '<br data-mce-bogus="1">';
        ed.selection.setCursorLocation(block, 0);
        rule[1](ed, typed.text.trim());
      });
      return true;
    }

    function replaceMark({ node, offset, text }) {
      const before = text.slice(0, -1);
      for (const [signs, width, name] of MARKS) {
        const found = signs.exec(before);
        if (!found || node.data.slice(0, offset) !== text) continue;
        change(() => {
          const range = ed.dom.createRng();
          node.deleteData(before.length - width, width);
          node.deleteData(found.index, width);
          range.setStart(node, found.index);
          range.setEnd(node, found.index + found[1].length);
          const mark = ed.getDoc().createElement(name);
          range.surroundContents(mark);
          // The caret behind the space, so that the next word is plain again.
          ed.selection.setCursorLocation(mark.nextSibling, 1);
        });
        return;
      }
    }

    ed.on('input', (event) => {
      if (event.isComposing || ed.composing || event.inputType !== 'insertText' || !/^[ \u00a0]$/.test(event.data || '')) return;
      const typed = typedBefore(ed);
      if (!typed) return;
      const signs = { ...typed, text: typed.text.slice(0, -1) };
      if (!replaceBlock(signs, BLOCKS)) replaceMark(typed);
    });

    ed.on('keydown', (event) => {
      const isPlain = !(event.shiftKey || event.ctrlKey || event.altKey || event.metaKey);
      const isIme = event.isComposing || ed.composing || event.keyCode === 229;
      if (justDone && event.key === 'Backspace' && isPlain && !isIme) {
        event.preventDefault();
        ed.undoManager.undo();
      }
      if (event.key !== 'Shift') justDone = false;
      if (event.key !== 'Enter' || !isPlain || isIme) return;
      const typed = typedBefore(ed);
      if (typed && typed.text.length === typed.node.length && replaceBlock(typed, LINES)) event.preventDefault();
    });
    ed.on('mousedown', () => {
      justDone = false; // a handler that returned this would hold the press back
    });
  }

  // -- Words after a picture -----------------------------------------------------------------------

  /** The paragraph that holds a picture and nothing else, when the caret stands in it. */
  function pictureAtCaret(ed) {
    const { startContainer, collapsed } = ed.selection.getRng();
    const block = collapsed && ed.dom.getParent(startContainer, 'p');
    const isPicture = block && block.querySelector('img') && !block.textContent.replace(/\ufeff/g, '');
    return isPicture ? block : null;
  }

  /** Moves the caret from behind a picture into a paragraph of its own. */
  function leavePicture(ed) {
    const block = pictureAtCaret(ed);
    if (!block) return;
    let next = block.nextElementSibling;
    if (next?.nodeName !== 'P' || next.textContent || next.querySelector('img')) {
      next = ed.getDoc().createElement('p');
      next.innerHTML = '<br data-mce-bogus="1">';
      block.after(next);
    }
    ed.selection.setCursorLocation(next, 0);
  }

  function addTo(ed) {
    addShortcuts(ed);
    ed.on('ExecCommand', (event) => {
      if (/^mceInsert(?:Content|ClipboardContent)$/.test(event.command)) leavePicture(ed);
    });
    ed.on('PastePostProcess', () => setTimeout(() => leavePicture(ed)));
    // Before the first letter, or the first step of a syllable, is there.
    ed.on('keydown', (event) => {
      const isLetter = event.key.length === 1 || event.keyCode === 229;
      if (isLetter && !ed.composing && !event.ctrlKey && !event.metaKey) leavePicture(ed);
    });
  }

  window.editorTyping = { addTo };
})();
