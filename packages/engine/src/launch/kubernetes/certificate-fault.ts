import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KubeAccess } from "./kube-access.ts";

/** What is wrong with a certificate, and the next step. */
export interface CertificateFault {
  message: string;
  hint: string;
}

/** Codes of a server's certificate whose issuer is not known. */
const UNKNOWN_ISSUER =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_(?:SIGNATURE_FAILURE|UNTRUSTED)|INVALID_CA)$/;
/** Codes after which the own certificate may be the reason: TLS failed, or the server hung up in the middle of it. */
const OWN = /OSSL|SSL|TLS|EPROTO|UND_ERR_SOCKET|ECONNRESET/;
const RENEW = "Get a current kubeconfig of the cluster, or choose another context.";

/**
 * Why a cluster was not reached, or refused the credentials, if a certificate of the kubeconfig or of the server is the
 * reason; undefined if it is not.
 * @param failed the connection's error, or the status of a refusal
 * @param now epoch milliseconds
 */
export function certificateFault(
  access: Pick<KubeAccess, "server" | "ca" | "cert" | "key">,
  failed: unknown,
  now: number,
): CertificateFault | undefined {
  if (failed === 401) return ownFault(access, now);
  const code = codeOf(failed);
  if (!access.server.startsWith("https:") || code === "") return undefined;
  return serverFault(access, code, now) ?? (OWN.test(code) ? ownFault(access, now) : undefined);
}

function codeOf(thrown: unknown): string {
  const { code, cause } = (thrown ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === "string") return code;
  return cause === undefined ? "" : codeOf(cause);
}

function serverFault(
  { server, ca }: Pick<KubeAccess, "server" | "ca">,
  code: string,
  now: number,
): CertificateFault | undefined {
  const its = `the certificate of the cluster at ${server}`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return {
      message: `${its} is for another name or address`,
      hint: "Use an address of the certificate, or `tls-server-name` in the kubeconfig.",
    };
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return {
      message: `${its}, or that of its authority, ${code === "CERT_HAS_EXPIRED" ? "has expired" : "is not valid yet"}`,
      hint: "If this machine's clock is right, it has to be renewed in the cluster.",
    };
  if (!UNKNOWN_ISSUER.test(code)) return undefined;
  if (ca === undefined)
    return {
      message: `${its} is of an authority that is not known, and the kubeconfig has no certificate-authority`,
      hint: RENEW,
    };
  const authority = certificateOf(ca);
  if (authority === undefined)
    return { message: "the certificate-authority of the kubeconfig is no certificate", hint: RENEW };
  const limits = outOfTime(authority, now);
  if (limits !== undefined)
    return { message: `the certificate-authority of the kubeconfig ${limits}`, hint: RENEW };
  return {
    message: `${its} is not of the certificate-authority of the kubeconfig`,
    hint: `The cluster may have been recreated since the kubeconfig was written. ${RENEW}`,
  };
}

function ownFault(
  { cert, key }: Pick<KubeAccess, "cert" | "key">,
  now: number,
): CertificateFault | undefined {
  if (cert === undefined) return undefined;
  const fault = (what: string): CertificateFault => ({ message: `in the kubeconfig, ${what}`, hint: RENEW });
  const certificate = certificateOf(cert);
  if (certificate === undefined) return fault("the user's client-certificate is no certificate");
  const secret = privateKeyOf(key);
  if (secret === undefined) return fault("the user's client-key is no private key");
  if (!certificate.checkPrivateKey(secret))
    return fault("the user's client-key does not belong to its client-certificate");
  const limits = outOfTime(certificate, now);
  return limits === undefined ? undefined : fault(`the user's client-certificate ${limits}`);
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function privateKeyOf(pem = ""): ReturnType<typeof createPrivateKey> | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** Undefined if it is valid now. */
function outOfTime({ validFrom, validTo }: X509Certificate, now: number): string | undefined {
  if (Date.parse(validTo) < now) return `expired on ${validTo}`;
  if (Date.parse(validFrom) > now) return `is not valid before ${validFrom}`;
  return undefined;
}
