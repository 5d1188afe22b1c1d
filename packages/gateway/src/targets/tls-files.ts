import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { TargetConfig } from "@ape/core/config/target";
import { ApeError, messageOf } from "@ape/core/lib/errors";

/** TLS options of a connection, as PEM. */
export interface TlsFiles {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
}

const CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * Reads and validates the files of a target's `tls`: OpenSSL ignores an invalid authority, and refuses other files only
 * at the first connection.
 * @param name of the target
 * @throws ApeError FILE_MISSING, CONFIG_INVALID
 */
export async function readTlsFiles(
  name: string,
  { ca, cert, key }: TargetConfig["tls"],
  baseDir: string,
): Promise<TlsFiles> {
  if ((cert === undefined) !== (key === undefined))
    throw invalid(
      name,
      `\`${cert === undefined ? "key" : "cert"}\` is given without \`${cert === undefined ? "cert" : "key"}\``,
      "A client certificate needs both.",
    );
  const files: TlsFiles = {};
  if (ca !== undefined) {
    files.ca = await read(ca, baseDir);
    certificatesOf(name, ca, files.ca);
  }
  if (cert !== undefined && key !== undefined) {
    files.cert = await read(cert, baseDir);
    files.key = await read(key, baseDir);
    const [own] = certificatesOf(name, cert, files.cert);
    if (own?.checkPrivateKey(privateKeyOf(name, key, files.key)) !== true)
      throw invalid(
        name,
        `${key} is not the key of the certificate in ${cert}`,
        "Name the key that the certificate was made with.",
      );
  }
  return files;
}

const invalid = (target: string, what: string, hint: string, cause?: unknown): ApeError =>
  new ApeError("CONFIG_INVALID", `targets.${target}.tls: ${what}`, { hint, cause });

async function read(file: string, baseDir: string): Promise<Buffer> {
  try {
    return await readFile(resolve(baseDir, file));
  } catch (cause) {
    throw new ApeError("FILE_MISSING", `the TLS file ${file} cannot be read: ${messageOf(cause)}`, {
      cause,
      hint: "Paths are relative to the configuration.",
    });
  }
}

function certificatesOf(name: string, file: string, bytes: Buffer): X509Certificate[] {
  const blocks = bytes.toString("latin1").match(CERTIFICATE) ?? [];
  const hint = "A certificate in PEM begins with -----BEGIN CERTIFICATE-----.";
  if (blocks.length === 0) throw invalid(name, `${file} holds no certificate in PEM`, hint);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw invalid(name, `a certificate in ${file} cannot be read`, hint, cause);
  }
}

function privateKeyOf(name: string, file: string, bytes: Buffer): KeyObject {
  try {
    return createPrivateKey(bytes);
  } catch (cause) {
    const encrypted = /ENCRYPTED/.test(bytes.toString("latin1"));
    throw invalid(
      name,
      encrypted ? `the key in ${file} is encrypted` : `${file} holds no private key in PEM`,
      encrypted
        ? "Write a copy without a passphrase (`openssl pkey -in KEY -out PLAIN`), readable by you alone."
        : "A private key in PEM begins with -----BEGIN PRIVATE KEY-----.",
      cause,
    );
  }
}
