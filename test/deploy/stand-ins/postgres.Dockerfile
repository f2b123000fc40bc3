# Debian's PostgreSQL, with as much of the official image's entrypoint as deploy/queue needs.
ARG DEBIAN
FROM ${DEBIAN}
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql && rm -rf /var/lib/apt/lists/* /var/lib/postgresql
RUN ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ -f && install -d -o postgres -g postgres /var/lib/postgresql/data /var/run/postgresql
ENV PGDATA=/var/lib/postgresql/data/
COPY --chmod=755 postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
