// The list of findings, for going through them quickly, with the keyboard alone where one likes.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { queryText } from "../../api/client";
import { type PeoplePage, peoplePath } from "../../api/people";
import type { Action, Finding, FindingList, FindingWithHistory, RuleList } from "../../api/insights";
import { type Account, atLeast } from "../../api/session";
import { groupByRule, headingText } from "../../components/findings";
import { useKeys } from "../../components/keys";
import { useFresh } from "../../components/live";
import { useLoad } from "../../components/load";
import { Empty, Failure, Skeleton } from "../../components/parts";
import { manyText } from "../../components/words";
import { type Desk, WithWorkspace } from "../../components/workspace";
import { usePlace } from "../../router";
import type { PageProps } from "../pages";
import { type Acting, KEYS, useActing } from "./actions";
import { FilterBar, applyFilters, readFilters } from "./filters";
import { Group, focusRow, focusedRow, moveFocus, rowIds } from "./rows";

/** Where the reader was, for when he comes back from a finding. */
let lastOpened: string | null = null;

const UNDOABLE: Action[] = ["acknowledge", "snooze", "dismiss"];
const STAYING: Action[] = ["acknowledge", "assign"];

function Help(props: { canAct: boolean }): JSX.Element {
  return (
    <p class="small soft keys">
      <kbd>j</kbd> <kbd>k</kbd> or <kbd>↓</kbd> <kbd>↑</kbd> move, <kbd>Enter</kbd> opens
      {props.canAct ? (
        <>
          , <kbd>a</kbd> acknowledges, <kbd>s</kbd> snoozes, <kbd>d</kbd> dismisses, <kbd>m</kbd> mutes, <kbd>p</kbd>{" "}
          assigns to a person.
        </>
      ) : (
        ". Editors and administrators act on findings; your role is viewer."
      )}
    </p>
  );
}

/** Those that act take the finding that has the focus. */
function useShortcuts(findings: Finding[], acting: Acting): void {
  useKeys((key) => {
    const isInList = focusedRow() !== null;
    if (key === "j" || (key === "ArrowDown" && isInList)) moveFocus(1);
    else if (key === "k" || (key === "ArrowUp" && isInList)) moveFocus(-1);
    else {
      const finding = findings.find((one) => one.id === focusedRow());
      const action = KEYS[key];
      if (!finding || !action) return false;
      acting.begin(action, finding);
    }
    return true;
  });
}

function Said(props: { said: string | null; undo: Finding | null; reopen: (finding: Finding) => void }): JSX.Element {
  const { undo } = props;
  return (
    <div class="said" data-silent={props.said === null}>
      <span role="status">{props.said}</span>
      {undo !== null && (
        <button type="button" class="button" onClick={() => props.reopen(undo)}>
          Undo<span class="visually-hidden">: {headingText(undo)}</span>
        </button>
      )}
    </div>
  );
}

/** Who the reader is in Bitbucket: whoever has the account's address; null: nobody has. */
function useMe(workspace: string, account: Account): number | null {
  const people = useLoad<PeoplePage>(peoplePath(workspace, { q: account.email, show: "people", limit: 10 }));
  const mine = people.value?.items.find((person) =>
    person.names.some((name) => name.kind === "email" && name.value.toLowerCase() === account.email.toLowerCase()),
  );
  return mine?.id ?? null;
}

function Content(props: { desk: Desk; account: Account }): JSX.Element {
  const { desk, account } = props;
  const { query } = usePlace();
  const filters = readFilters(query);
  const workspace = desk.workspace.slug;
  const me = useMe(workspace, account);
  const list = useLoad<FindingList>(`/findings${queryText({ workspace, state: filters.state })}`);
  const rules = useLoad<RuleList>(`/rules${queryText({ workspace })}`);
  useFresh(list.reload, desk.workspace.complete);
  const [undo, setUndo] = useState<Finding | null>(null);
  const next = useRef<string | null>(lastOpened);
  const acting = useActing(workspace, account, (after: FindingWithHistory, action: Action) => {
    const ids = rowIds();
    const at = ids.indexOf(after.id);
    // A finding that leaves the list hands the focus to the one below it.
    next.current = (STAYING.includes(action) || at < 0 ? after.id : (ids[at + 1] ?? ids[at - 1])) ?? null;
    setUndo(UNDOABLE.includes(action) ? after : null);
    list.reload();
  });
  const all = list.value?.findings ?? [];
  const found = applyFilters(all, filters, me);
  const groups = groupByRule(found);
  useShortcuts(found, acting);
  useEffect(() => {
    if (list.value === null || next.current === null) return;
    focusRow(next.current);
    next.current = null;
    lastOpened = null;
  }, [list.value]);
  return (
    <>
      <div class="row between page-head">
        <div>
          <h1>Insights</h1>
          <p class="soft" role="status">
            {list.value === null ? "\u00a0" : `${manyText(found.length, "finding")} by ${manyText(groups.length, "rule")}`}
            {found.length < all.length && `; ${all.length} without these filters`}
          </p>
        </div>
        <p class="row">
          <a href={desk.address("/insights/mutes")}>Mutes in force</a>
          <a href={desk.address("/settings/rules")}>Set the rules</a>
        </p>
      </div>
      <div class="stack tight">
        <FilterBar filters={filters} findings={all} rules={rules.value?.rules ?? []} me={me} />
        <Help canAct={atLeast(account, "editor")} />
      </div>
      {acting.error !== null && <Failure error={acting.error} />}
      {list.error !== null && <Failure error={list.error} retry={list.reload} />}
      {list.value === null && list.error === null && <Skeleton height="32rem" />}
      {list.value !== null && found.length === 0 && (
        <Empty>
          {all.length > 0
            ? "No finding fits these filters."
            : desk.workspace.complete
              ? "Nothing is out of true here. New findings come up after each sync."
              : "Nothing was found so far; what is still being read may bring findings up."}
        </Empty>
      )}
      {list.value !== null && found.length > 0 && (
        <div class="stack" aria-busy={list.isLoading}>
          {groups.map((group) => (
            <Group
              key={group.rule}
              group={group}
              now={list.value?.now ?? ""}
              desk={desk}
              open={(id) => {
                lastOpened = id;
              }}
            />
          ))}
        </div>
      )}
      <Said said={acting.said} undo={undo} reopen={(finding) => acting.begin("reopen", finding)} />
      {acting.dialog}
    </>
  );
}

export default function InsightsPage(props: PageProps): JSX.Element {
  return <WithWorkspace title="Insights">{(desk) => <Content desk={desk} account={props.account} />}</WithWorkspace>;
}
