using System.Net;
using System.Net.Sockets;
using Basilisk.Store.Postgres;
using Basilisk.Store.Tests.Support;
using Npgsql;

namespace Basilisk.Store.Tests.Postgres;

/// <summary>Each way in which a database cannot be used has its own exception, and none repeats the password.</summary>
public sealed class OpeningTests(ClusterFixture cluster)
{
    private const string Secret = "s3cret-Passw0rd";

    [Fact]
    public async Task Nobody_listening_is_unavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var e = await RefusedAsync<StoreUnavailableException>($"Host=127.0.0.1;Port={port};Username=u;Password={Secret};Database=d");
        Assert.Equal($"127.0.0.1:{port}/d", e.Target);
    }

    [Theory]
    [InlineData("nonsense " + Secret)]
    [InlineData("Host=h;Password=a;" + Secret + "=1")]
    [InlineData("Password=" + Secret)]
    [InlineData("Host=h;Port=" + Secret)]
    [InlineData("")]
    public async Task A_connection_string_that_cannot_be_read_is_not_repeated(string connectionString)
    {
        var e = await RefusedAsync<StoreConfigurationException>(connectionString);
        Assert.Equal("connection string", e.Setting);
    }

    [Theory]
    [InlineData("Robert'; drop table students; --")]
    [InlineData("Upper")]
    [InlineData("")]
    [InlineData("a23456789012345678901234567890123456789012345")]
    public async Task A_schema_name_that_is_no_plain_identifier_is_refused(string schema)
    {
        var e = await Assert.ThrowsAsync<StoreConfigurationException>(
            () => PostgresStore.OpenAsync("Host=h", new PostgresStoreOptions { Schema = schema }));
        Assert.Equal("Schema", e.Setting);
    }

    [Fact]
    public async Task A_missing_database_is_named()
    {
        var e = await RefusedAsync<StoreDatabaseMissingException>(With(s => s.Database = "no_such_database"));
        Assert.Equal("no_such_database", e.Database);
    }

    [Fact]
    public async Task A_user_that_the_server_does_not_know_is_refused_as_authentication()
    {
        var e = await RefusedAsync<StoreAuthenticationException>(With(s => s.Username = "nobody_knows_me"));
        Assert.Equal("nobody_knows_me", e.User);
    }

    [Fact]
    public async Task A_user_without_the_right_to_create_is_told_what_to_grant()
    {
        await ExecuteAsync("do $$ begin create role powerless login; exception when duplicate_object then null; end $$");
        var e = await RefusedAsync<StorePermissionException>(With(s => s.Username = "powerless"));
        Assert.Contains("Grant CREATE", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update {0}.mt_store set schema_version = 99", "version 99")]
    [InlineData("drop table {0}.mt_store", "without a version")]
    public async Task Tables_of_another_version_are_refused(string change, string found)
    {
        var schema = ClusterFixture.NewSchema();
        await (await cluster.OpenAsync(schema)).DisposeAsync();
        await ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, change, schema));

        var e = await Assert.ThrowsAsync<StoreSchemaMismatchException>(() => cluster.OpenAsync(schema));
        Assert.Equal(schema, e.Schema);
        Assert.Contains(found, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_vanishes_later_is_a_schema_mismatch()
    {
        var schema = ClusterFixture.NewSchema();
        await using var store = await cluster.OpenAsync(schema);
        await ExecuteAsync($"drop table {schema}.mt_documents");
        await Assert.ThrowsAsync<StoreSchemaMismatchException>(() => store.Documents.GetAsync("c", "1"));
    }

    [Fact]
    public async Task Opening_at_the_same_time_creates_the_tables_once_and_what_is_there_stays()
    {
        var schema = ClusterFixture.NewSchema();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.OpenAsync(schema)));
        await stores[0].Events.AppendAsync("a", 0, [Expect.Event(1)]);
        await using var again = await cluster.OpenAsync(schema);
        Assert.Equal(1, await again.Events.StreamVersionAsync("a"));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_subscription_outlives_its_connection()
    {
        using var stop = new CancellationTokenSource(Expect.Patience);
        var schema = ClusterFixture.NewSchema();
        await using var store = await cluster.OpenAsync(schema);
        await using var marks = store.Events.SubscribeAsync(0, stop.Token).GetAsyncEnumerator(stop.Token);
        await store.Events.AppendAsync("a", 0, [Expect.Event(1)]);
        Assert.True(await marks.MoveNextAsync());
        var next = marks.MoveNextAsync();
        await ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen {schema}_events'");

        await store.Events.AppendAsync("a", 1, [Expect.Event(2)]);
        Assert.True(await next);
        Assert.Equal(await store.Events.HighWaterMarkAsync(), marks.Current);
    }

    private string With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Password = Secret };
        change(settings);
        return settings.ConnectionString;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> RefusedAsync<T>(string connectionString)
        where T : StoreException
    {
        var e = await Assert.ThrowsAsync<T>(() => PostgresStore.OpenAsync(connectionString, new PostgresStoreOptions { Schema = ClusterFixture.NewSchema() }));
        Assert.DoesNotContain(Secret, e.ToString(), StringComparison.Ordinal);
        return e;
    }
}
