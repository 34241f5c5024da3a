# The node: chain, training, judging, APIs. Events go to the `postgres` service; data files to the volume /data.
FROM ubuntu:26.04 AS build
RUN apt-get update && apt-get install -y --no-install-recommends dotnet-sdk-10.0 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN dotnet publish Basilisk.Node/Basilisk.Node.csproj -c Release -o /app

FROM ubuntu:26.04
RUN apt-get update && apt-get install -y --no-install-recommends aspnetcore-runtime-10.0 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app .
RUN useradd --system --home /data basilisk && mkdir /data && chown basilisk /data
USER basilisk
VOLUME /data
EXPOSE 8545
ENTRYPOINT ["dotnet", "basilisk-node.dll", "node", "--data", "/data", "--http", "0.0.0.0:8545"]
