// What is set for a workspace: its hours, what is shown of people, its bots, its issue keys.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { queryText } from "../../api/client";
import { type Account, atLeast } from "../../api/session";
import { useLoad } from "../../components/load";
import { Failure, Field, Skeleton } from "../../components/parts";
import { type Desk, WithWorkspace } from "../../components/workspace";
import type { PageProps } from "../pages";
import { Calendar } from "./calendar";
import { type SettingList, SettingsForm } from "./form";
import { Bots, Issues } from "./patterns";

function Privacy(props: { list: SettingList; isAdmin: boolean; saved: (list: SettingList) => void }): JSX.Element {
  return (
    <SettingsForm
      {...props}
      id="privacy"
      title="People"
      effect="Measures by person exist to see load and to help, and are never a score. This decides what shared pages show; it takes effect at once."
      keys={["privacy.people", "privacy.least-group"]}
    >
      {(editing) => (
        <>
          <div class="field">
            <label class="switch">
              <input
                type="checkbox"
                checked={editing.values["privacy.people"] === "on"}
                aria-describedby="people-hint"
                onChange={(event) => editing.set("privacy.people", event.currentTarget.checked ? "on" : "off")}
              />
              Show measures by person
            </label>
            <span class="hint" id="people-hint">
              On: review load and who reviews whom, by name, and merges by author. Off: by repository and team only.
            </span>
          </div>
          <Field
            label="Least size of a group"
            type="number"
            min={1}
            max={100}
            value={editing.values["privacy.least-group"]}
            hint="In comparisons a team is left out while fewer people than this are behind its numbers. 1 leaves nobody out."
            fault={editing.faultOf("privacy.least-group")}
            onInput={(event) => editing.set("privacy.least-group", event.currentTarget.value)}
          />
        </>
      )}
    </SettingsForm>
  );
}

function Content(props: { desk: Desk; account: Account }): JSX.Element {
  const { desk, account } = props;
  const loaded = useLoad<SettingList>(`/settings${queryText({ workspace: desk.workspace.slug })}`);
  const [newest, setNewest] = useState<{ of: SettingList; list: SettingList } | null>(null);
  const isAdmin = atLeast(account, "admin");
  const list = newest !== null && newest.of === loaded.value ? newest.list : loaded.value;
  const saved = (answer: SettingList): void => {
    if (loaded.value !== null) setNewest({ of: loaded.value, list: answer });
  };
  const shared = list === null ? null : { list, isAdmin, saved };
  return (
    <>
      <div>
        <h1>Workspace</h1>
        <p class="soft">
          {isAdmin
            ? `What holds for ${desk.workspace.slug} as a whole. Each change is written to the log.`
            : `What holds for ${desk.workspace.slug} as a whole. Administrators change it; your role is ${account.role}.`}
        </p>
      </div>
      {loaded.error !== null && <Failure error={loaded.error} retry={loaded.reload} />}
      {shared === null && loaded.error === null && <Skeleton height="50rem" />}
      {shared !== null && (
        <div class="stack settings-cards">
          <Calendar {...shared} />
          <Privacy {...shared} />
          <Bots {...shared} />
          <Issues {...shared} />
        </div>
      )}
    </>
  );
}

export default function WorkspacePage(props: PageProps): JSX.Element {
  return <WithWorkspace title="Workspace">{(desk) => <Content desk={desk} account={props.account} />}</WithWorkspace>;
}
