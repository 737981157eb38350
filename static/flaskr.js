// What pages do besides for those who are logged in; they work without. docs/architecture.md, "Script".
// It listens to the window and not to elements, so that a form that takes the place of another needs nothing.

const PREVIEW_PAUSE_MS = 500; // between the last key and the preview
const PREVIEW_REST_MS = 30_000; // after an answer that was none: the site is busy, or the session is over
const BUSY_MS_MAX = 10_000; // then the button can be pressed again
const TIMES_MS = 60_000; // between two looks at the clock
const RELATIVE_MINUTES_MAX = 30 * 24 * 60; // what is older is clearer as a date
const KEYS = "flaskr-keys"; // kept by this browser: it is about its keyboard

const find = (selector, place = document) => place?.querySelector(selector);
const all = (selector, place = document) => [...place.querySelectorAll(selector)];
const WRITING = "form[data-writing]";

/** Sends a form for a preview, which stores no text and uses up no nonce; the page that answers, if it is the form again. */
function ask(form, data, onprogress = null) {
  data.set("then", "preview");
  return new Promise(resolve => {
    const request = new XMLHttpRequest(); // fetch() does not tell how far it is
    request.open("POST", form.action);
    request.upload.onprogress = onprogress;
    request.onloadend = () => {
      // It is a page of ours, and escapes all texts. Scripts that DOMParser reads never run, and none that stands in a
      // page is let by its policy.
      const page = request.status === 200 && new DOMParser().parseFromString(request.responseText, "text/html");
      resolve(page && find(WRITING, page) ? page : null);
    };
    request.send(data);
  });
}

// The preview that follows what is written

let pause, isAsking = false, restsUntil = 0;

function previewSoon(form) {
  clearTimeout(pause);
  pause = setTimeout(preview, PREVIEW_PAUSE_MS, form);
}

async function preview(form) {
  if (isAsking) return previewSoon(form); // one at a time, and the newest text last
  if (Date.now() < restsUntil) return;
  const data = new FormData(form);
  all("[type=file]", form).forEach(field => data.delete(field.name)); // they are sent once, with the text
  isAsking = true;
  const made = find(".preview", await ask(form, data));
  isAsking = false;
  if (made) show(made);
  else restsUntil = Date.now() + PREVIEW_REST_MS;
}

/** Puts a preview into its place. That is said the first time; at each pause it would be noise. */
function show(made) {
  const [note, place] = find(".live").children;
  place.replaceChildren(...made.childNodes);
  if (note.textContent !== note.dataset.then) note.textContent = note.dataset.then;
}

/** Makes the place before the page is painted, so that nothing moves when the first preview comes. */
function prepare() {
  const live = find("#live-preview")?.content.firstElementChild.cloneNode(true), made = find(".preview");
  if (made) made.replaceWith(live);
  else if (live) find(WRITING).after(live);
  if (made) show(made);
}

// Images

const holdsFiles = transfer => transfer?.types.includes("Files") && find(`${WRITING}:not([inert]) .images`);

/** Puts files into the places that are free, and goes to where the first is described. */
function attach(files) {
  const images = find(".images"), isFree = group => !find("[type=file]", group).files[0] && !find("[type=hidden]", group);
  const free = all("[role=group]", images).filter(isFree);
  images.open = true;
  find("[data-full]", images).hidden = files.length <= free.length;
  [...files].slice(0, free.length).forEach((file, index) => {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    find("[type=file]", free[index]).files = transfer.files;
  });
  find("[name$=-alt]", free[0])?.focus();
}

/**
 * Sends the files of a form first, for a preview, and shows how far that is. What answers has them in its text, or says what
 * is wrong with them; then the form goes its ordinary way. (A script that published would follow the redirect, and what
 * its author is to be told would be told to the script.)
 */
async function upload(form, button) {
  const sending = find("#sending").content.firstElementChild.cloneNode(true), bar = find("progress", sending);
  const length = form.elements.body.value.length;
  form.after(sending);
  sending.scrollIntoView({ block: "nearest" });
  form.inert = true;
  const page = await ask(form, new FormData(form), ({ loaded, total }) => { bar.value = loaded / total; });
  sending.remove();
  form.inert = false;
  if (page && find(".problem:not([hidden]), .flash[role=alert]", page)) {
    find("#content").replaceWith(find("#content", page));
    prepare();
    return find(".flash[role=alert]").focus();
  }
  if (page) {
    form.elements.body.value += find(WRITING, page).elements.body.value.slice(length);
    find(".images", form).replaceWith(find(".images", page));
  } else form.dataset.plain = ""; // the browser sends it whole, and shows what answers
  form.requestSubmit(button);
}

addEventListener("input", event => {
  const form = event.target.closest(WRITING);
  if (form && find(".live")) previewSoon(form);
});
addEventListener("dragover", event => { if (holdsFiles(event.dataTransfer)) event.preventDefault(); });
addEventListener("drop", event => {
  if (!holdsFiles(event.dataTransfer)) return;
  event.preventDefault();
  attach(event.dataTransfer.files);
});
addEventListener("paste", ({ clipboardData: pasted }) => { // with a text there often is a picture of it
  if (holdsFiles(pasted) && !pasted.types.includes("text/plain")) attach(pasted.files);
});

// Forms: sent once, and not left by mistake

let sent = null;
const free = button => button.removeAttribute("aria-busy");

addEventListener("submit", event => {
  const form = event.target, button = event.submitter ?? form;
  if (form.getAttribute("method") === "dialog") return;
  if (form.inert || form.matches("[aria-busy], :has([aria-busy])")) return event.preventDefault();
  if (all("[type=file]", form).some(field => field.files[0]) && !("plain" in form.dataset)) {
    event.preventDefault();
    return upload(form, event.submitter);
  }
  sent = form;
  button.setAttribute("aria-busy", true);
  setTimeout(free, BUSY_MS_MAX, button);
});
addEventListener("pageshow", () => { // also when somebody goes back to it
  sent = null;
  all("[aria-busy]").forEach(free);
});

const isChanged = field =>
  field.options ? [...field.options].some(option => option.selected !== option.defaultSelected)
  : field.type === "checkbox" ? field.checked !== field.defaultChecked
  : field.type === "file" ? field.files[0]
  : field.matches("input, textarea") && field.value !== field.defaultValue;

addEventListener("beforeunload", event => {
  const isLost = form => form !== sent && ("unsaved" in form.dataset || [...form.elements].some(isChanged));
  if (all(WRITING).some(isLost)) event.preventDefault();
});

// Times

const UNITS = [[1440, "day"], [60, "hour"], [1, "minute"], [Infinity, "second"]];

function tellTimes() {
  for (const time of all("time[datetime]")) {
    const minutes = (Date.now() - Date.parse(time.dateTime.replace(" ", "T"))) / 60_000;
    if (!(minutes >= 0 && minutes < RELATIVE_MINUTES_MAX)) continue;
    const [size, unit] = UNITS.find(([size]) => minutes >= size) ?? UNITS.at(-1);
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: unit === "second" ? "auto" : "always" });
    time.title ||= time.textContent;
    time.textContent = words.format(-Math.trunc(minutes / size), unit);
  }
}

// Keys

const dialog = () => find("dialog.keys");
const press = element => { element?.click(); return element; };
const go = element => { element?.focus(); return element; };
const areOn = () => localStorage.getItem(KEYS) !== "off"; // keys without Ctrl (WCAG 2.2, 2.1.4)

function help() {
  find("[type=checkbox]", dialog()).checked = areOn();
  dialog().showModal();
  return go(find("button", dialog())); // and not its first link
}

/** Goes to the next of a list, or the one before. */
function step(by) {
  const stops = all("article.post h2 a, article.comment a:has(time), .drafts li > a");
  const here = document.activeElement.closest("article, li");
  return go(stops[stops.findIndex(stop => stop.closest("article, li") === here) + by]);
}

const WITH_CONTROL = {
  Enter: target => press(find("button, [type=submit]", target.closest(WRITING))),
  s: () => press(find(`${WRITING} [data-save]`)),
};
const ALONE = {
  "?": help,
  "/": () => go(find("[type=search]")) ?? press(find("[data-key='/']")),
  n: () => press(find("[data-key=n]")),
  j: () => step(1),
  k: () => step(-1),
  e: () => press(find("a[href$='/update']", document.activeElement.closest("article") ?? find(".content > header"))),
};

addEventListener("keydown", event => {
  const { target, key } = event, isHeld = event.ctrlKey || event.metaKey;
  if (event.isComposing || event.altKey || isHeld && event.shiftKey || dialog().open) return;
  const isTyping = target.matches("input:not([type=checkbox], [type=radio], [type=submit], [type=file]), textarea, select");
  // A keyboard that is set to Hangul has other letters in the same places.
  const name = /^[ -~]+$/.test(key) ? key : event.code.replace("Key", "").toLowerCase();
  const act = isHeld ? WITH_CONTROL[name] : !isTyping && areOn() && ALONE[name];
  if (act && act(target)) event.preventDefault();
});
addEventListener("click", event => { if (event.target.matches(".help-keys")) help(); });
addEventListener("change", ({ target }) => {
  if (target.matches("dialog.keys input")) localStorage.setItem(KEYS, target.checked ? "on" : "off");
});

prepare();
find("footer").append(find("#keys").content);
if (location.hash === "#search") go(find("[type=search]"));
tellTimes();
setInterval(tellTimes, TIMES_MS);
