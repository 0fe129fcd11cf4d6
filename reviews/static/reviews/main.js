// Everything the browser adds. Every page works without it.
import "./card.js";
import "./cite.js";
import "./dialogs.js";
import "./drafts.js";
import "./keys.js";
import "./lease.js";
import "./selection.js";
import "./signin.js";
import "./ticks.js";
