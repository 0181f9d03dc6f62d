/*
 * The rich text editor of the write form and of admin pages: HugeRTE over a plain textarea. A page may
 * have several.
 *
 * The page loads, each with `defer` and in this order, hugerte.min.js, editor-ko.js,
 * editor-media.js, editor-paste.js, editor-typing.js, drafts.js (where texts are saved as drafts) and
 * this file, and has a form with
 *   <textarea id="…" data-editor data-editor-base="/static/vendor/hugerte-1.0.14"
 *             data-upload-url="…" data-content-css="…"> with a <label for="…">
 *   <input type="hidden" name="format" value="text"> (or "html": what the textarea holds)
 * A textarea with data-editor="tags" needs no such input: a text with tags is HTML, any other is plain
 * text, for the server too (boardsite/rich_text.py).
 * - data-editor-base   folder of the editor's own parts, which are loaded by their plain names
 * - data-upload-url    where a picture is posted; without it no picture can be put in
 * - data-pictures      the endings of pictures that the board takes: ".jpg,.png"
 * - data-content-css   stylesheet(s) of the text being written, comma separated
 *
 * Without JavaScript, or when the editor does not start, the textarea stays as it is and posts plain
 * text with format "text". When it starts, the text becomes HTML and format "html". The server
 * cleans both alike; nothing here is a safeguard.
 */
// The empty row that the admin copies for a further one (__prefix__) gets no editor.
document.querySelectorAll('textarea[data-editor]:not([name*="__prefix__"])').forEach((textarea) => {
  'use strict';

  const form = textarea.form;
  const isGuessed = textarea.dataset.editor === 'tags';
  const format = isGuessed
    ? { value: /<[a-z/!]/i.test(textarea.value) ? 'html' : 'text' }
    : form && form.elements.namedItem('format');
  if (!form || !format) return;

  const START_LIMIT = 20000; // ms; on a bad line the plain textarea comes back after this
  const { editorBase, uploadUrl, contentCss } = textarea.dataset;
  const before = { value: textarea.value, format: format.value, required: textarea.required };
  let editor = null; // once it has started
  let gaveUp = false;
  let changed = false; // something was written since the page came
  let sent = false; // the form is on its way
  let waiting = false; // for pictures that are still being uploaded

  // -- The form ------------------------------------------------------------------------------------

  const isUploading = () =>
    !!editor &&
    editor.dom
      .select('img[src^="blob:"],img[src^="data:"]')
      .some((img) => !img.matches('[data-mce-placeholder],[data-mce-object],[data-mce-bogus]'));

  /** Waits for the pictures, then submits again. A refused picture is gone and was told: no submit. */
  async function submitAfterUploads(button) {
    waiting = true;
    const results = await editor.uploadImages();
    waiting = false;
    if (!isUploading() && results.every((result) => result.status)) form.requestSubmit(button);
  }

  form.addEventListener('submit', (event) => {
    if (sent || waiting) event.preventDefault();
    else if (isUploading()) {
      event.preventDefault();
      submitAfterUploads(event.submitter);
    }
  });
  window.addEventListener('submit', (event) => {
    // on the window, so after any other listener that may have held the form back
    if (event.target === form && !event.defaultPrevented) sent = true;
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) sent = waiting = false; // came back by the back button
  });

  form.addEventListener('input', () => {
    changed = true;
  });
  form.addEventListener('draftsaved', () => {
    changed = false; // drafts.js: the server has all of it
  });
  window.addEventListener('beforeunload', (event) => {
    if (!changed || sent) return;
    event.preventDefault();
    event.returnValue = true; // what Chromium before 119 asks for
  });

  // -- Light and dark ------------------------------------------------------------------------------

  const root = document.documentElement;
  const night = window.matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => {
    const { theme } = root.dataset; // "auto" in the admin
    return theme === 'dark' || (theme !== 'light' && night.matches);
  };

  /** Follows the page's theme, also when it is switched while writing. */
  function dress() {
    if (!editor) return;
    const dark = isDark();
    for (const doc of [document, editor.getDoc()]) {
      for (const link of doc.querySelectorAll('link[href*="/skins/"]')) {
        const href = link.href
          .replace(/\/ui\/oxide(-dark)?\//, dark ? '/ui/oxide-dark/' : '/ui/oxide/')
          .replace(/\/content\/(default|dark)\//, dark ? '/content/dark/' : '/content/default/');
        if (href !== link.href) link.href = href;
      }
    }
    editor.getDoc().documentElement.dataset.theme = dark ? 'dark' : 'light';
  }

  /** A line to write on below a table, code or a player at the end: on a phone no key leads there. */
  function keepLastLine(ed) {
    if (ed.composing) return;
    const last = ed.getBody().lastElementChild;
    if (!last || (!/^(TABLE|PRE|FIGURE|HR)$/.test(last.nodeName) && !last.querySelector('iframe, video'))) return;
    const line = ed.getDoc().createElement('p');
    line.innerHTML = '<br data-mce-bogus="1">';
    ed.getBody().appendChild(line);
  }

  // -- Starting ------------------------------------------------------------------------------------

  /** Plain text as paragraphs: an empty line parts them, a line's end is a <br>. */
  function toHtml(text) {
    const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').trim();
    if (!escaped) return '';
    const paragraphs = escaped.split(/\n[ \t]*\n\s*/);
    return paragraphs.map((p) => '<p>' + p.replace(/\n/g, '<br>') + '</p>').join('');
  }

  /** Back to the plain textarea and what it held; once, for text may be typed there afterwards. */
  function giveUp() {
    if (gaveUp) return;
    gaveUp = true;
    const half = window.hugerte.get(textarea.id);
    if (half) half.remove();
    editor = null;
    textarea.value = before.value;
    textarea.required = before.required;
    textarea.removeAttribute('style');
    textarea.removeAttribute('aria-hidden');
    format.value = before.format;
  }

  function started(ed) {
    editor = ed;
    dress();
    ed.on('input change undo redo ExecCommand', () => {
      changed = true;
      form.dispatchEvent(new Event('words'));
    });
    new MutationObserver(dress).observe(root, { attributeFilter: ['data-theme'] });
    night.addEventListener('change', dress);
    for (const label of textarea.labels) label.addEventListener('click', () => editor.focus());
    for (const link of document.querySelectorAll(`a[href="#${textarea.id}"]`)) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        editor.focus();
      });
    }
    const subject = form.elements.subject;
    if (!subject) return;
    subject.addEventListener('keydown', (event) => {
      // Enter goes on to the text; the post is sent by its button only.
      if (event.isComposing || event.keyCode === 229 || event.key !== 'Enter') return;
      event.preventDefault();
      editor.focus();
    });
  }

  if (!window.hugerte || !window.editorMedia || !window.editorPaste || !window.editorTyping) return;

  const aligned = (textAlign) => [
    { selector: 'p,h2,h3,h4,td,th,div,ul,ol,li,pre,blockquote', styles: { textAlign } },
  ];

  const options = {
    // parts and looks
    base_url: editorBase,
    suffix: '.min', // the loaded script's own name may carry a hash
    language: 'ko',
    language_load: false, // editor-ko.js has them
    plugins: 'image link lists table media autoresize code codesample',
    toolbar: [
      uploadUrl ? 'picture video link' : 'video link',
      'bold forecolor', // small groups: on a phone as many as fit stay in the first line
      'italic underline strikethrough backcolor',
      'blocks fontsize',
      'alignleft aligncenter alignright',
      'bullist numlist blockquote',
      'table codesample fold hr',
      'removeformat undo redo code',
    ].join(' | '),
    toolbar_mode: 'sliding',
    mobile: { toolbar_mode: 'sliding' },
    toolbar_sticky: true,
    menubar: false,
    statusbar: false,
    branding: false,
    contextmenu: 'table', // elsewhere the browser's own, with paste and spelling
    skin: isDark() ? 'oxide-dark' : 'oxide',
    content_css: contentCss || (isDark() ? 'dark' : 'default'),
    body_class: 'post-body',
    min_height: Math.max(textarea.offsetHeight, 360), // px
    autoresize_overflow_padding: 16, // px, left and right
    autoresize_bottom_margin: 32, // px
    highlight_on_focus: true,
    browser_spellcheck: true,
    editable_root: false, // until the text is there: what is typed earlier would be overwritten
    iframe_aria_text: (textarea.labels[0]?.textContent.trim() || '본문').replace(/["<>&]/g, ''),
    auto_focus: document.activeElement === textarea ? textarea.id : undefined,

    // the HTML that is written
    entity_encoding: 'raw',
    convert_urls: false,
    text_patterns: false, // editor-typing.js has them, for it knows when a syllable is open
    formats: {
      underline: { inline: 'u' },
      strikethrough: { inline: 's' },
      alignleft: aligned('left'),
      aligncenter: aligned('center'),
      alignright: aligned('right'),
    },
    block_formats: '본문=p; 큰 제목=h2; 제목=h3; 작은 제목=h4',
    font_size_formats: '작게=14px 보통=17px 크게=20px 더크게=24px 아주크게=32px', // 17: post-body.css
    preview_styles: 'font-size font-weight',
    custom_colors: false,
    color_cols: 5,
    color_default_foreground: '#e03131', // what the buttons show and give until another is chosen
    color_default_background: '#fff3bf',
    color_map: [ // readable on white and on black paper
      '#e03131', '빨강', '#d9480f', '주황', '#b08900', '노랑', '#2f9e44', '초록', '#0c8599', '청록',
      '#1c7ed6', '파랑', '#7950f2', '보라', '#d6336c', '자주', '#a86032', '갈색', '#868e96', '회색',
    ],
    color_map_background: [ // behind dark letters: post-body.css sees to that at night
      '#fff3bf', '노랑', '#d3f9d8', '초록', '#d0ebff', '파랑', '#ffdeeb', '분홍', '#e9ecef', '회색',
    ],

    // pictures, links, tables
    paste_remove_styles_if_webkit: false, // editor-paste.js says which go
    paste_preprocess: (ed, paste) => {
      const player = window.editorMedia.playerPasted(ed, paste.content);
      if (player) paste.content = player;
      else if (!paste.internal) paste.content = window.editorPaste.clean(paste.content);
    },
    paste_data_images: !!uploadUrl,
    automatic_uploads: true,
    ...(uploadUrl ? { images_upload_handler: window.editorMedia.uploader(form, uploadUrl) } : {}),
    images_file_types: 'jpeg,jpg,png,gif,webp',
    object_resizing: 'img',
    link_title: false,
    link_target_list: false, // the server says how links open
    link_default_protocol: 'https',
    link_assume_external_targets: 'https',
    link_context_toolbar: true,
    table_appearance_options: false,
    table_advtab: false,
    table_cell_advtab: false,
    table_row_advtab: false,
    table_sizing_mode: 'responsive', // as wide as the text in it: no widths in the HTML
    table_use_colgroups: false,
    table_resize_bars: false,
    table_default_styles: {},
    table_default_attributes: {},
    codesample_languages: ['HTML', 'CSS', 'JavaScript', 'Python', 'PHP', 'Java', 'C', 'SQL', 'Bash'].map(
      (text) => ({ text, value: text === 'HTML' ? 'markup' : text.toLowerCase() }),
    ),

    setup(ed) {
      window.editorMedia.addButtons(ed);
      window.editorTyping.addTo(ed);
      ed.on('ThemeLoadError ModelLoadError SkinLoadError', giveUp);
      ed.on('PostRender', () => {
        ed.contentStyles = []; // rules for iOS and Firefox in a <style>, which our policy refuses
      });
      ed.on('Init', () => ed.setEditableRoot(true));
      ed.on('Dirty', () => {
        changed = true;
      });
      ed.on('SetContent NodeChange', () => keepLastLine(ed));
    },
  };

  if (format.value === 'text') textarea.value = toHtml(textarea.value);
  format.value = 'html';
  textarea.required = false; // hidden, it could not say what is missing; the server does
  setTimeout(() => editor || giveUp(), START_LIMIT);
  window.hugerte.init({ target: textarea, ...options }).then((editors) => {
    if (editors.length && !editors[0].removed) started(editors[0]);
  }, giveUp);
});
