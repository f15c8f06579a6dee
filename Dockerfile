# One static binary in an empty image: no shell, no package manager, not root.
#
#   docker build --build-arg VERSION=$(git describe --tags --always) -t tidewater .
#   docker run -p 8080:8080 -v tidewater:/data tidewater

# The web app: its own stage, so that nothing of npm comes near the binary's.
FROM node:20-bookworm-slim AS web
WORKDIR /src/runtime/web
# Packages first: they change seldom, so this layer is kept.
COPY runtime/web/package.json runtime/web/package-lock.json runtime/web/.npmrc ./
RUN npm ci
COPY runtime/web/ ./
RUN npm run build

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
# Dependencies first: they change seldom, so this layer is kept.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/runtime/web/built/app/ runtime/web/built/app/
ARG VERSION=dev
# -o web: it is built already.
RUN make -o web build VERSION="$VERSION"
# Folders the binary may write to; the empty image below has none of its own.
RUN mkdir -p /root-fs/data /root-fs/tmp

FROM scratch
# Certificates for calls outwards; time zones are inside the binary.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /root-fs/ /
COPY --from=build /src/bin/tidewater /tidewater
# A number, so that an orchestrator can see that it is not root.
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
# The image has no shell and no HTTP client. This only proves that the binary starts in here; whether it is
# ready for requests is asked from outside, at /readyz.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/tidewater", "version"]
ENTRYPOINT ["/tidewater"]
CMD ["serve", "--addr", "0.0.0.0:8080", "--store", "/data"]
