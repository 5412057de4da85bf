// Who is a bot, and what an issue's key looks like: each with what it would match, as it is typed.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { ApiError, change, queryText } from "../../api/client";
import { Field } from "../../components/parts";
import { manyText } from "../../components/words";
import { type SettingList, SettingsForm } from "./form";

const PAUSE = 350; // ms without a key before the server is asked

/** What the server makes of a pattern, a moment after the last key. */
function usePreview<T>(workspace: string, key: string, value: string, isWanted: boolean): { answer: T | null; fault: string | null } {
  const [answer, setAnswer] = useState<T | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    let isCurrent = true;
    const wait = setTimeout(() => {
      change<T>("POST", `/settings/preview${queryText({ workspace })}`, { [key]: value })
        .then((found) => {
          if (!isCurrent) return;
          setAnswer(found);
          setFault(null);
        })
        .catch((problem: unknown) => {
          if (!isCurrent) return;
          setAnswer(null);
          setFault(problem instanceof ApiError ? problem.message : null);
        });
    }, PAUSE);
    return () => {
      isCurrent = false;
      clearTimeout(wait);
    };
  }, [workspace, key, value, isWanted]);
  return { answer, fault };
}

interface BotsPreview {
  names: string[];
  matching: number;
}

function BotsMatch(props: { workspace: string; value: string }): JSX.Element | null {
  const { answer } = usePreview<BotsPreview>(props.workspace, "bots.patterns", props.value, props.value !== "");
  if (props.value === "" || answer === null) return null;
  return (
    <p class="small" role="status">
      {answer.matching === 0
        ? "These patterns match nobody who is known."
        : `They match ${manyText(answer.matching, "person", "people")}: ${answer.names.join(", ")}${answer.matching > answer.names.length ? ", …" : ""}.`}
    </p>
  );
}

interface Props {
  list: SettingList;
  isAdmin: boolean;
  saved: (list: SettingList) => void;
}

export function Bots(props: Props): JSX.Element {
  return (
    <SettingsForm
      {...props}
      id="bots"
      title="Bots"
      effect="A bot's pull requests are left out of measures, and its reviews are none. Apps, access tokens and well-known automation are told by themselves; name here what is yours."
      keys={["bots.patterns"]}
    >
      {(editing) => (
        <div>
          <Field
            label="Names and addresses of further bots"
            value={editing.values["bots.patterns"]}
            spellcheck={false}
            placeholder="*-deploy, ci-*"
            hint="Patterns with commas between; * stands for any characters, ? for one. Upper and lower case are the same."
            fault={editing.faultOf("bots.patterns")}
            onInput={(event) => editing.set("bots.patterns", event.currentTarget.value)}
          />
          {props.isAdmin && (
            <BotsMatch workspace={props.list.workspace} value={editing.values["bots.patterns"] ?? ""} />
          )}
        </div>
      )}
    </SettingsForm>
  );
}

interface IssuesPreview {
  items: { repository_id: number; number: number; title: string | null; source_branch: string | null; key: string | null }[];
  matching: number;
}

function IssuesMatch(props: { workspace: string; value: string }): JSX.Element | null {
  const { answer, fault } = usePreview<IssuesPreview>(props.workspace, "issues.pattern", props.value, true);
  if (fault !== null)
    return (
      <p class="small fault-text" role="status">
        {fault}
      </p>
    );
  if (answer === null) return null;
  return (
    <div class="stack tight">
      <p class="small" role="status">
        {answer.items.length === 0
          ? "There is no pull request to try it on yet."
          : `It finds a key in ${answer.matching} of the ${answer.items.length} pull requests opened last.`}
      </p>
      <ul class="plain-list small issue-tries">
        {answer.items.slice(0, 8).map((item) => (
          <li key={`${item.repository_id} ${item.number}`}>
            <span class={item.key === null ? "tag warn" : "tag good"}>{item.key ?? "none"}</span>{" "}
            <span class="break">{item.title}</span> <span class="soft break">{item.source_branch}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Issues(props: Props): JSX.Element {
  return (
    <SettingsForm
      {...props}
      id="issues"
      title="Issue keys"
      effect="The rule No issue key looks for this in a pull request's title and in the name of its source branch."
      keys={["issues.pattern"]}
    >
      {(editing) => (
        <>
          <Field
            label="Regular expression of a key"
            value={editing.values["issues.pattern"]}
            spellcheck={false}
            autoComplete="off"
            hint="[A-Z][A-Z0-9]+-[0-9]+ finds keys such as PAY-123."
            fault={editing.faultOf("issues.pattern")}
            onInput={(event) => editing.set("issues.pattern", event.currentTarget.value)}
          />
          {props.isAdmin && <IssuesMatch workspace={props.list.workspace} value={editing.values["issues.pattern"] ?? ""} />}
        </>
      )}
    </SettingsForm>
  );
}
