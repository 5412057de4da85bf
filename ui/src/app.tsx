import type { ComponentType, JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { whenSignedOut } from "./api/client";
import { type Account, type Session, atLeast, loadSession, signOut } from "./api/session";
import { Empty, Failure, Skeleton } from "./components/parts";
import { Menu } from "./menu";
import { Join, Setup, SignIn } from "./pages/account/door";
import { type PageProps, findPage } from "./pages/pages";
import { go, usePlace } from "./router";

const JOIN = "/join"; // the secret of the invitation stands behind #

function PageAt(props: { account: Account; path: string }): JSX.Element {
  const found = findPage(props.path);
  const page = found?.page ?? null;
  const [loaded, setLoaded] = useState<{ path: string; Content: ComponentType<PageProps> } | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    document.title = page ? `${page.title} · Plumbline` : "Plumbline";
    if (!page) return;
    let isCurrent = true;
    setError(null);
    page
      .load()
      .then((module) => isCurrent && setLoaded({ path: page.path, Content: module.default }))
      .catch((fault: unknown) => isCurrent && setError(fault));
    return () => {
      isCurrent = false;
    };
  }, [page?.path]);
  if (props.path === JOIN)
    return <Empty>You are signed in already as {props.account.name}. Sign out first to take an invitation.</Empty>;
  if (!found || !page) return <Empty>There is no page at this address.</Empty>;
  if (!atLeast(props.account, page.role))
    return (
      <Empty>
        This page is for the role {page.role}; yours is {props.account.role}. Any administrator can change it.
      </Empty>
    );
  if (error !== null) return <Failure error={error} />;
  if (loaded?.path !== page.path) return <Skeleton height="20rem" />;
  return <loaded.Content account={props.account} parts={found.parts} />;
}

export function App(): JSX.Element {
  const { path } = usePlace();
  const before = useRef(path);
  useEffect(() => {
    // The link that was followed may be gone with its page; whoever reads by ear goes on at the new one's beginning.
    if (before.current !== path) document.getElementById("main")?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  const [session, setSession] = useState<Session | null>(null);
  const [error, setError] = useState<unknown>(null);
  const refresh = useCallback(() => {
    loadSession()
      .then((answer) => {
        setSession(answer);
        setError(null);
      })
      .catch((fault: unknown) => setError(fault));
  }, []);
  useEffect(() => {
    whenSignedOut(refresh);
    refresh();
  }, []);
  const enter = (): void => {
    if (path === JOIN) go("/", { replace: true });
    refresh();
  };
  const leave = (): void => {
    signOut()
      .then(refresh)
      .catch((fault: unknown) => setError(fault));
  };

  if (error !== null)
    return (
      <main class="door">
        <Failure error={error} retry={refresh} />
      </main>
    );
  if (session === null) return <Skeleton height="60vh" />;
  if (session.account === null) {
    if (path === JOIN) return <Join secret={location.hash.slice(1)} done={enter} />;
    return session.setup_needed ? <Setup done={enter} /> : <SignIn done={enter} />;
  }
  return (
    <div class="shell">
      <a class="skip" href="#main">
        To the content
      </a>
      <Menu account={session.account} path={path} leave={leave} />
      <main class="shell-main" id="main" tabIndex={-1}>
        <PageAt account={session.account} path={path} />
      </main>
    </div>
  );
}
