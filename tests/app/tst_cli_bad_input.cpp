#include "tests/app/CliSupport.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#ifdef __linux__
#include <sys/mount.h>
#include <unistd.h>
#endif

using namespace limpid::test;

namespace {

/// A small file system of its own, where this process may make one; unmounted at the end.
class SmallDisk
{
public:
    SmallDisk(const QString& folder, const char* options) : m_folder(folder.toUtf8())
    {
        QDir().mkpath(folder);
#ifdef __linux__
        m_mounted = geteuid() == 0 && mount("tmpfs", m_folder.constData(), "tmpfs", 0, options) == 0;
#else
        (void)options;
#endif
    }
    ~SmallDisk()
    {
#ifdef __linux__
        if (m_mounted)
            umount(m_folder.constData());
#endif
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    bool mounted() const { return m_mounted; }
    bool makeReadOnly() const
    {
#ifdef __linux__
        return mount("tmpfs", m_folder.constData(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
#else
        return false;
#endif
    }

private:
    QByteArray m_folder;
    bool m_mounted = false;
};

const char* const table = "a,c,y\n";

/// smallTable() with one line put in after the header.
QByteArray tableWith(const QByteArray& line)
{
    QByteArray text = smallTable();
    return text.insert(text.indexOf('\n') + 1, line + '\n');
}

/// smallTable() with its columns made by `edit`.
QByteArray tableOf(const QByteArray& header, const std::function<QByteArray(const QList<QByteArray>&, int)>& edit)
{
    QByteArray text = header + '\n';
    const QList<QByteArray> lines = smallTable().trimmed().split('\n');
    for (qsizetype i = 1; i < lines.size(); ++i)
        text += edit(lines[i].split(','), int(i)) + '\n';
    return text;
}

QStringList trainingOf(const QString& file, const QStringList& more = {})
{
    return QStringList{QStringLiteral("train"), file, QStringLiteral("--target"), QStringLiteral("y"), QStringLiteral("--epochs"), QStringLiteral("3"), QStringLiteral("--name"), QStringLiteral("m")} + more;
}

} // namespace

/// Everything that people hand in by mistake: one clear sentence that names it, exit code 3, and nothing written or lost.
class TestCliBadInput : public QObject
{
    Q_OBJECT

private slots:
    void training_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QStringList>("says");
        const QString file = QStringLiteral("data.csv");
        const QStringList none;
        const QStringList fileAlone{file};
        QTest::newRow("no such file") << QString() << QByteArray() << none << fileAlone;
        QTest::newRow("empty file") << file << QByteArray("") << none << fileAlone;
        QTest::newRow("header only") << file << QByteArray(table) << none << fileAlone;
        QTest::newRow("ragged row") << file << tableWith("1,red") << none << QStringList{file, QStringLiteral("Line 2")};
        QTest::newRow("too many cells") << file << tableWith("1,red,no,4") << none << QStringList{file, QStringLiteral("4")};
        QTest::newRow("unclosed quote") << file << smallTable() + "1,\"red,no\n" << none << fileAlone;
        QTest::newRow("binary") << file << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\b\6\0\0", 28) << none << fileAlone;
        QTest::newRow("wrong encoding") << file << tableWith("1,caf\xe9,no") << none << QStringList{file, QStringLiteral("UTF-8")};
        QTest::newRow("damaged gz") << QStringLiteral("data.csv.gz") << QByteArray("\x1f\x8b\b\0\0\0\0\0\0\3garbage", 17) << none << QStringList{QStringLiteral("data.csv.gz")};
        QTest::newRow("duplicate column") << file << tableOf("a,a,y", [](const auto& cells, int) { return cells.join(','); }) << none << QStringList{file, QStringLiteral("“a”")};
        QTest::newRow("column without a name") << file << tableOf("a,,y", [](const auto& cells, int) { return cells.join(','); }) << none << fileAlone;
        QTest::newRow("unknown target") << file << smallTable() << QStringList{QStringLiteral("--target"), QStringLiteral("yy")} << QStringList{QStringLiteral("“yy”"), QStringLiteral("Did you mean “y”")};
        QTest::newRow("one class") << file << tableOf("a,c,y", [](const auto& cells, int) { return cells[0] + ',' + cells[1] + ",no"; }) << none << QStringList{QStringLiteral("“y”")};
        QTest::newRow("target all missing") << file << tableOf("a,c,y", [](const auto& cells, int) { return cells[0] + ',' + cells[1] + ','; }) << none << QStringList{QStringLiteral("y")};
        QTest::newRow("no column to learn from") << file << tableOf("y", [](const auto& cells, int) { return cells[2]; }) << none << QStringList{QStringLiteral("column")};
        QTest::newRow("all columns missing") << file << tableOf("a,y", [](const auto& cells, int) { return ',' + cells[2]; }) << none << QStringList{QStringLiteral("column")};
        QTest::newRow("a column all missing") << file << tableOf("a,gone,y", [](const auto& cells, int) { return cells[0] + ",," + cells[2]; }) << none << QStringList{QStringLiteral("“gone”"), QStringLiteral("--ignore")};
        QTest::newRow("infinity") << file << tableWith("inf,red,no") << none << QStringList{QStringLiteral("“a” holds NaN or infinity (“inf”, first on line 2, 1 in all)"), QStringLiteral("--missing")};
        QTest::newRow("NaN") << file << tableWith("nan,red,no") << none << QStringList{QStringLiteral("“a”"), QStringLiteral("“nan”")};
        QTest::newRow("number too large") << file << tableWith("1e999,red,no") << none << QStringList{QStringLiteral("“a”"), QStringLiteral("1e999")};
        QTest::newRow("not of the given type") << file << smallTable() << QStringList{QStringLiteral("--type"), QStringLiteral("c=number")} << QStringList{QStringLiteral("“c”"), QStringLiteral("red")};
        QTest::newRow("type of no column") << file << smallTable() << QStringList{QStringLiteral("--type"), QStringLiteral("cc=category")} << QStringList{QStringLiteral("“cc”")};
        QTest::newRow("mark of no column") << file << smallTable() << QStringList{QStringLiteral("--missing"), QStringLiteral("cc=NA")} << QStringList{QStringLiteral("“cc”")};
        QTest::newRow("ignored column unknown") << file << smallTable() << QStringList{QStringLiteral("--ignore"), QStringLiteral("cc")} << QStringList{QStringLiteral("“cc”")};
        QTest::newRow("too few rows") << file << QByteArray("a,y\n1,no\n") << none << QStringList{QStringLiteral("row")};
        QTest::newRow("network missing") << file << smallTable() << QStringList{QStringLiteral("--network"), QStringLiteral("net.json")} << QStringList{QStringLiteral("net.json")};
        QTest::newRow("name invalid") << file << smallTable() << QStringList{QStringLiteral("--name"), QStringLiteral("a/b")} << QStringList{QStringLiteral("a/b")};
    }
    void training()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QStringList, more);
        QFETCH(QStringList, says);
        const CliBox box;
        const QString file = box.path(name.isEmpty() ? QStringLiteral("data.csv") : name);
        if (!name.isEmpty())
            box.write(name, bytes);
        QStringList arguments = trainingOf(file);
        for (qsizetype i = 0; i + 1 < more.size(); i += 2) { // a later choice replaces the usual one
            const qsizetype at = arguments.indexOf(more[i]);
            if (at >= 0)
                arguments[at + 1] = more[i + 1];
            else
                arguments << more[i] << more[i + 1];
        }
        const QByteArray before = box.fingerprint();
        const CliResult result = box.run(arguments);
        QVERIFY2(result.code == 3, result.err + QByteArray::number(result.code));
        for (const QString& word : says)
            QVERIFY2(QString::fromUtf8(result.err).contains(word), (result.err + " lacks " + word.toUtf8()).constData());
        QCOMPARE(result.err.count('\n'), 1);
        QVERIFY(!box.workspaceExists());
        QCOMPARE(box.fingerprint(), before);
    }

    void aFolder()
    {
        const CliBox box;
        const CliResult result = box.run(trainingOf(box.path(QString())));
        QCOMPARE(result.code, 3);
        QVERIFY2(result.err.contains("folder"), result.err.constData());
        QVERIFY(!box.workspaceExists());
    }

    void network_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("says");
        QTest::newRow("no JSON") << QByteArray("{\n  \"nodes\": [,]\n}") << QStringLiteral("line 2");
        QTest::newRow("no network") << QByteArray("[1, 2]") << QStringLiteral("network");
        QTest::newRow("unknown layer") << QByteArray(R"({"format":"limpid-network","version":1,"nodes":[{"id":"n","type":"Liner","params":{},"inputs":[]}],"output":"n"})") << QStringLiteral("Did you mean “Linear”");
        QTest::newRow("wrong width")
            << QByteArray(R"({"format":"limpid-network","version":1,"nodes":[{"id":"in","type":"Input","params":{"features":"numbers"},"inputs":[]},)"
                          R"({"id":"out","type":"Linear","params":{"out_features":5},"inputs":["in"]}],"output":"out"})")
            << QStringLiteral("“out”");
    }
    void network()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, says);
        const CliBox box;
        const QString file = box.write(QStringLiteral("data.csv"), smallTable());
        const CliResult result = box.run(trainingOf(file, {QStringLiteral("--network"), box.write(QStringLiteral("net.json"), json)}));
        QVERIFY2(result.code == 3, result.err + QByteArray::number(result.code));
        QVERIFY2(QString::fromUtf8(result.err).contains(says), result.err.constData());
        QVERIFY(!box.workspaceExists());
    }

    /// What a table can do without: it is said, and the rest is used.
    void warnings_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        QTest::newRow("a constant column") << tableOf("a,same,y", [](const auto& cells, int) { return cells[0] + ",1," + cells[2]; }) << QStringLiteral("“same”");
    }
    void warnings()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const CliBox box;
        const CliResult result = box.run(trainingOf(box.write(QStringLiteral("data.csv"), bytes)));
        QVERIFY2(result.code == 0, result.err.constData());
        QVERIFY2(QString::fromUtf8(result.err).contains(says), result.err.constData());
    }

    void predicting_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const QString m = QStringLiteral("m");
        QTest::newRow("column missing") << m << tableOf("a,y", [](const auto& cells, int) { return cells[0] + ',' + cells[2]; }) << 3 << QStringLiteral("“c”");
        QTest::newRow("not a number") << m << tableWith("many,red,no") << 3 << QStringLiteral("“a”");
        QTest::newRow("unseen category") << m << tableWith("1,purple,no") << 3 << QStringLiteral("“purple” (in 1 of the rows)");
        QTest::newRow("infinity") << m << tableWith("inf,red,no") << 3 << QStringLiteral("“a” holds NaN or infinity");
        QTest::newRow("columns in another order") << m << tableOf("y,c,a", [](const auto& cells, int) { return cells[2] + ',' + cells[1] + ',' + cells[0]; }) << 0 << QStringLiteral("matched by name");
        QTest::newRow("unknown model") << QStringLiteral("mm") << smallTable() << 3 << QStringLiteral("“mm”");
        QTest::newRow("unknown version") << QStringLiteral("m@7") << smallTable() << 3 << QStringLiteral("7");
        QTest::newRow("unknown alias") << QStringLiteral("m@best") << smallTable() << 3 << QStringLiteral("best");
        QTest::newRow("unknown run") << QStringLiteral("run:9") << smallTable() << 3 << QStringLiteral("9");
        QTest::newRow("empty file") << m << QByteArray() << 3 << QStringLiteral("new.csv");
    }
    void predicting()
    {
        QFETCH(QString, model);
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        QFETCH(QString, says);
        const CliBox box;
        QCOMPARE(box.run(trainingOf(box.write(QStringLiteral("data.csv"), smallTable()))).code, 0);
        const QString file = box.write(QStringLiteral("new.csv"), bytes);
        const QString out = box.path(QStringLiteral("out.csv"));
        const CliResult result = box.run({QStringLiteral("predict"), model, file, QStringLiteral("--out"), out});
        QVERIFY2(result.code == code, result.err + QByteArray::number(result.code));
        QVERIFY2(QString::fromUtf8(result.err).contains(says), result.err.constData());
        QCOMPARE(QFile::exists(out), code == 0);
    }

    /// What was refused can be asked for, and what was said of a column at training holds for later files.
    void refusedThenAllowed()
    {
        const CliBox box;
        const QString marked = box.write(QStringLiteral("marked.csv"), tableWith("nan,red,no") + "inf,red,no\n");
        QCOMPARE(box.run(trainingOf(marked, {QStringLiteral("--missing"), QStringLiteral("a=nan"), QStringLiteral("--missing"), QStringLiteral("a=inf")})).code, 0);
        const CliResult predicted = box.run({QStringLiteral("predict"), QStringLiteral("m"), marked});
        QVERIFY2(predicted.code == 0, predicted.err.constData());
        const CliResult unseen = box.run({QStringLiteral("predict"), QStringLiteral("m"), box.write(QStringLiteral("new.csv"), tableWith("1,purple,no")), QStringLiteral("--allow-unseen")});
        QVERIFY2(unseen.code == 0, unseen.err.constData());
        QVERIFY2(unseen.err.contains("“purple”"), unseen.err.constData());
    }

    void noWorkspaceIsMadeByLooking_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        const QString m = QStringLiteral("m");
        QTest::newRow("runs list") << QStringList{QStringLiteral("runs"), QStringLiteral("list")} << 0;
        QTest::newRow("models list") << QStringList{QStringLiteral("models"), QStringLiteral("list")} << 0;
        QTest::newRow("doctor") << QStringList{QStringLiteral("doctor")} << 0;
        QTest::newRow("runs show") << QStringList{QStringLiteral("runs"), QStringLiteral("show"), QStringLiteral("1")} << 3;
        QTest::newRow("models export") << QStringList{QStringLiteral("models"), QStringLiteral("export"), m} << 3;
        QTest::newRow("predict") << QStringList{QStringLiteral("predict"), m, penguins()} << 3;
        QTest::newRow("explain") << QStringList{QStringLiteral("explain"), m, penguins()} << 3;
    }
    void noWorkspaceIsMadeByLooking()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        const CliBox box;
        const CliResult result = box.run(arguments);
        QVERIFY2(result.code == code, result.err.constData());
        QVERIFY(!box.workspaceExists());
    }

    void errorsAreJsonToo()
    {
        const CliBox box;
        const CliResult result = box.run(trainingOf(box.path(QStringLiteral("gone.csv")), {QStringLiteral("--json")}));
        QCOMPARE(result.code, 3);
        QCOMPARE(result.json()["error"]["code"].get<std::string>(), std::string("FileNotFound"));
    }

    void truncatedBundle_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* name : {"model.safetensors", "network.json", "pipeline.json", "model.json"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void truncatedBundle()
    {
        QFETCH(QString, file);
        const CliBox box;
        const QString data = box.write(QStringLiteral("data.csv"), smallTable());
        QCOMPARE(box.run(trainingOf(data)).code, 0);
        const QString folder = box.path(QStringLiteral("bundle"));
        QCOMPARE(box.run({QStringLiteral("models"), QStringLiteral("export"), QStringLiteral("m"), QStringLiteral("--out"), folder}).code, 0);
        QFile part(folder + u'/' + file);
        QVERIFY(part.resize(part.size() / 2));
        const CliResult result = box.run({QStringLiteral("predict"), folder, data});
        QVERIFY2(result.code == 3, result.err + QByteArray::number(result.code));
        QVERIFY2(result.err.contains("bundle"), result.err.constData());
    }

    void damagedStore()
    {
        const CliBox box;
        const QString data = box.write(QStringLiteral("data.csv"), smallTable());
        QCOMPARE(box.run(trainingOf(data)).code, 0);
        QDirIterator blobs(box.workspace() + QStringLiteral("/blobs"), QDir::Files, QDirIterator::Subdirectories);
        while (blobs.hasNext()) {
            QFile blob(blobs.next());
            blob.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
            QVERIFY(blob.resize(blob.size() / 2));
        }
        const CliResult predicted = box.run({QStringLiteral("predict"), QStringLiteral("m"), data});
        QVERIFY2(predicted.code == 3, predicted.err.constData());
        const CliResult doctor = box.run({QStringLiteral("doctor")});
        QCOMPARE(doctor.code, 1);
        QVERIFY2(doctor.out.contains("damaged"), doctor.out.constData());
    }

    void storeOfANewerVersion()
    {
        const CliBox box;
        const QString data = box.write(QStringLiteral("data.csv"), smallTable());
        QCOMPARE(box.run(trainingOf(data)).code, 0);
        QFile database(box.workspace() + QStringLiteral("/limpid.db"));
        QVERIFY(database.open(QIODevice::ReadWrite));
        database.seek(60); // PRAGMA user_version, four bytes, big-endian (sqlite.org/fileformat2.html)
        QCOMPARE(database.write(QByteArray("\0\0\3\xe7", 4)), 4);
        database.close();
        const QByteArray before = box.fingerprint();
        for (const QStringList& arguments : {QStringList{QStringLiteral("doctor")}, QStringList{QStringLiteral("runs"), QStringLiteral("list")}, trainingOf(data)}) {
            const CliResult result = box.run(arguments);
            QVERIFY2(result.code == 3, result.err.constData());
            QVERIFY2(result.err.contains("newer Limpid") && result.err.contains("999"), result.err.constData());
        }
        QCOMPARE(box.fingerprint(), before);
    }

    void readOnlyDisk()
    {
        const CliBox box;
        const QString data = box.write(QStringLiteral("data.csv"), smallTable());
        const SmallDisk disk(box.workspace(), "size=64m");
        if (!disk.mounted())
            QSKIP("needs the right to mount a small disk (root ignores permissions)");
        QCOMPARE(box.run(trainingOf(data)).code, 0);
        QVERIFY(disk.makeReadOnly());
        const QByteArray before = box.fingerprint();
        const CliResult result = box.run(trainingOf(data));
        QVERIFY2(result.code == 3, result.err + QByteArray::number(result.code));
        QVERIFY2(result.err.contains(box.workspace().toUtf8()), result.err.constData());
        QCOMPARE(box.fingerprint(), before);
        const CliResult predicted = box.run({QStringLiteral("predict"), QStringLiteral("m"), data, QStringLiteral("--out"), box.workspace() + QStringLiteral("/out.csv")});
        QVERIFY2(predicted.code == 3, predicted.err.constData());
    }

    void fullDisk()
    {
        const CliBox box;
        const QString data = box.write(QStringLiteral("data.csv"), smallTable());
        QCOMPARE(box.run(trainingOf(data)).code, 0);
        const QString folder = box.path(QStringLiteral("full"));
        const SmallDisk disk(folder, "size=64k");
        if (!disk.mounted())
            QSKIP("needs the right to mount a small disk");
        const QString out = folder + QStringLiteral("/out.csv");
        QFile old(out);
        QVERIFY(old.open(QIODevice::WriteOnly) && old.write("what was there") > 0);
        old.close();
        QFile filler(folder + QStringLiteral("/filler"));
        QVERIFY(filler.open(QIODevice::WriteOnly));
        while (filler.write(QByteArray(1024, 'x')) > 0 && filler.flush()) {
        }
        filler.close();
        const CliResult predicted = box.run({QStringLiteral("predict"), QStringLiteral("m"), data, QStringLiteral("--out"), out});
        QVERIFY2(predicted.code == 3, predicted.err + QByteArray::number(predicted.code));
        QVERIFY2(predicted.err.contains("full"), predicted.err.constData());
        QVERIFY(old.open(QIODevice::ReadOnly));
        QCOMPARE(old.readAll(), QByteArray("what was there"));
        QCOMPARE(QDir(folder).entryList(QDir::Files).size(), 2);

        const CliResult trained = box.run(trainingOf(data, {QStringLiteral("--workspace"), folder + QStringLiteral("/workspace")}));
        QVERIFY2(trained.code == 3, trained.err + QByteArray::number(trained.code));
        QVERIFY2(trained.err.contains("full"), trained.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliBadInput)
#include "tst_cli_bad_input.moc"
