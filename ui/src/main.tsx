import { render } from "preact";

import { App } from "./app";
import { takeLinks } from "./router";
import { applyTheme, chosenTheme } from "./theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/shell.css";
import "./styles/data.css";
import "./styles/integrations.css";
import "./styles/set_up.css";
import "./styles/policies.css";
import "./styles/pages.css";
import "./styles/pulls.css";
import "./styles/people.css";

applyTheme(chosenTheme());
document.addEventListener("click", takeLinks);
const place = document.getElementById("app");
if (place) render(<App />, place);
