#!/bin/sh
# As in n8n's image: what the container is given are arguments of n8n.
exec n8n "$@"
