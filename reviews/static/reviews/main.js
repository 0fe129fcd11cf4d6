// Everything the browser adds. Every page works without it.
import "./card.js";
import "./dialogs.js";
import "./drafts.js";
import "./keys.js";
import "./selection.js";
import "./ticks.js";
