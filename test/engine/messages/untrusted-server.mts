import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A key that nobody uses for anything else, and a certificate that vouches for itself; valid until 2126. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgi5yYnxH9xxpC1OHc
wEg9xzKOQsg/m8VtznYtSM7xPcShRANCAAS+N1G6qUA2f3keQuBGpT+TZKXCJVyg
eXsN4vyOt2quy8cgFjh3IH/dNqtVvYBIbHazEZhVLdD1zrz8ArTUhiCU
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUZys5uA70bu2FBqDtdABkvnwaw1AwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzA2MDk1MloYDzIxMjYxMDMw
MDYwOTUyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS+N1G6qUA2f3keQuBGpT+TZKXCJVygeXsN4vyOt2quy8cgFjh3IH/d
NqtVvYBIbHazEZhVLdD1zrz8ArTUhiCUo28wbTAdBgNVHQ4EFgQURQVnairl/7Ef
n4NEorWfH66CKy0wHwYDVR0jBBgwFoAURQVnairl/7Efn4NEorWfH66CKy0wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhANzY1iKfbslFyeAbKTA99QyP95ht3b4XSr3I/ZLYIeJiAiBX
FaDVayH9cHiDnkJfVaYM6eppWh8Cf+TnnXHokoMihg==
-----END CERTIFICATE-----`;

/** A server on loopback whose certificate nobody trusts. */
export async function startUntrustedServer(): Promise<{ url: string; close: () => Promise<void> }> {
	const server = createServer({ key: KEY, cert: CERTIFICATE }, (_request, response) =>
		response.end('{}'),
	);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeAllConnections();
			await closed;
		},
	};
}
