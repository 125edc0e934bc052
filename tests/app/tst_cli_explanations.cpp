// Explanations that are kept, and made again to the byte, by the program itself.
#include "tests/app/CliSupport.h"

#include <QFile>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace limpid::test;
using nlohmann::json;

class TestCliExplanations : public QObject
{
    Q_OBJECT

private:
    CliBox m_box;
    QString m_file;
    QByteArray m_bytes;

    CliResult run(const QByteArray& words) const { return m_box.run(QString::fromUtf8(words).replace(QLatin1String("FILE"), m_file).split(u' ')); }
    int keep(const QByteArray& words) const
    {
        const CliResult kept = run(words);
        return kept.code == 0 ? kept.json()["kept"].get<int>() : -1;
    }

private slots:
    void initTestCase()
    {
        QFile sample(penguins());
        QVERIFY(sample.open(QIODevice::ReadOnly));
        m_bytes = sample.readAll();
        m_file = m_box.write(QStringLiteral("birds.csv"), m_bytes);
        QCOMPARE(run("train FILE --target species --epochs 5 --name birds").code, 0);
    }

    void comesBackAndIsMadeAgain_data()
    {
        QTest::addColumn<QByteArray>("options");
        QTest::newRow("usual") << QByteArray("--rows 0:20");
        QTest::newRow("three threads") << QByteArray("--rows 0:20 --threads 3");
        QTest::newRow("layer by layer, five threads") << QByteArray("--rows 0:60 --method deeplift --threads 5");
        QTest::newRow("a background by centres") << QByteArray("--rows 3:9 --method permutation --budget 100 --background kmeans:5");
        QTest::newRow("groups") << QByteArray("--rows 0:4 --method kernel --group size=body_mass_g,flipper_length_mm --output-space probability");
        QTest::newRow("gradients") << QByteArray("--rows 7 --method integrated-gradients --baseline zero");
        QTest::newRow("samples") << QByteArray("--rows 0:3 --method lime --features 3 --seed 9 --budget 500");
        QTest::newRow("a cohort") << QByteArray("--rows 0:3 --background where:island=Dream");
    }

    void comesBackAndIsMadeAgain()
    {
        QFETCH(QByteArray, options);
        const CliResult made = run("explain birds FILE --json --keep " + options);
        QVERIFY2(made.code == 0, made.err.constData());
        json answer = made.json();
        const QByteArray number = QByteArray::number(answer["kept"].get<int>());
        const CliResult shown = run("explanations show --json " + number);
        QVERIFY2(shown.code == 0, shown.err.constData());
        answer.erase("kept");
        answer["seconds"] = nullptr;
        QVERIFY(shown.json()["answer"] == answer);
        QCOMPARE(run("explanations show " + number).code, 0);
        const CliResult again = run("explanations again --json " + number);
        QVERIFY2(again.code == 0, again.err.constData());
        QVERIFY(again.json()["same"].get<bool>());
    }

    void sameQuestionIsKeptOnce()
    {
        const int first = keep("explain birds FILE --json --keep --rows 40:45");
        QVERIFY(first > 0);
        QCOMPARE(keep("explain birds FILE --json --keep --rows 40:45"), first);
        QVERIFY(keep("explain birds FILE --json --keep --rows 40:45 --seed 2") != first);
        const CliResult list = run("explanations list --json");
        const json all = list.json()["explanations"];
        QVERIFY(std::count_if(all.begin(), all.end(), [&](const json& one) { return one["explanation"].get<int>() == first; }) == 1);
        QVERIFY(run("explanations list").out.contains("birds@1"));
        QCOMPARE(run("explanations delete " + QByteArray::number(first)).code, 0);
        QVERIFY(run("explanations show " + QByteArray::number(first)).code != 0);
    }

    void isNamed()
    {
        const int number = keep("explain birds FILE --json --keep --rows 60:62");
        QVERIFY(number > 0);
        const QString text = QString::number(number);
        const CliResult named = m_box.run({QStringLiteral("explanations"), QStringLiteral("name"), text, QStringLiteral("before the new scale")});
        QVERIFY2(named.code == 0, named.err.constData());
        QVERIFY(run("explanations list").out.contains("before the new scale"));
        QCOMPARE(run("explanations show --json " + text.toUtf8()).json()["name"].get<std::string>(), std::string("before the new scale"));
        QCOMPARE(run("explanations name 999 x").code, 3);
    }

    void wordsAreKeptToo()
    {
        // Each text is of its own; "splendid" or "dreadful" tells the kind.
        QByteArray text = "review,kind\n";
        for (int i = 0; i < 120; ++i)
            text += "the film number" + QByteArray::number(i) + " was in short " + (i % 2 ? "splendid,pos\n" : "dreadful,neg\n");
        const QString file = m_box.write(QStringLiteral("reviews.csv"), text);
        const auto call = [&](const char* words) { return m_box.run(QString::fromLatin1(words).replace(QLatin1String("FILE"), file).split(u' ')); };
        QCOMPARE(call("train FILE --target kind --network text-bag --epochs 4 --name reviews --quiet").code, 0);
        for (const char* method : {"leverage", "lime", "exact"}) {
            const CliResult made = call(qPrintable(QStringLiteral("explain reviews FILE --players words --rows 3:6 --keep --json --method ") + QLatin1String(method)));
            QVERIFY2(made.code == 0, made.err.constData());
            json answer = made.json();
            const QByteArray number = QByteArray::number(answer["kept"].get<int>());
            const CliResult shown = run("explanations show --json " + number);
            QVERIFY2(shown.code == 0, shown.err.constData());
            answer.erase("kept");
            answer["seconds"] = nullptr;
            QVERIFY(shown.json()["answer"] == answer);
            QVERIFY(run("explanations show " + number).out.contains("dreadful"));
            QVERIFY(run("explanations again --json " + number).json()["same"].get<bool>());
        }
        QVERIFY(run("explanations list").out.contains("lime (words)"));
    }

    void anotherFileIsNotTakenForIt()
    {
        const QString copy = m_box.write(QStringLiteral("copy.csv"), m_bytes);
        const CliResult made = m_box.run({QStringLiteral("explain"), QStringLiteral("birds"), copy, QStringLiteral("--rows"), QStringLiteral("0:3"), QStringLiteral("--keep"), QStringLiteral("--json")});
        QVERIFY2(made.code == 0, made.err.constData());
        const QByteArray number = QByteArray::number(made.json()["kept"].get<int>());
        m_box.write(QStringLiteral("copy.csv"), QByteArray(m_bytes).replace("Dream", "dream"));
        const CliResult again = run("explanations again " + number);
        QCOMPARE(again.code, 3);
        QVERIFY2(again.err.contains("copy.csv"), again.err.constData());
        QVERIFY(run("explanations again " + number + " --data FILE").code == 0); // the same bytes elsewhere
    }

    void whatCanNotBeKeptIsRefused_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<int>("code");
        QTest::newRow("effects") << QByteArray("explain birds FILE --method ale --keep") << 2;
        QTest::newRow("importance") << QByteArray("explain birds FILE --method permutation-importance --keep") << 2;
        QTest::newRow("a model without a store") << QByteArray("explain EXPORT FILE --rows 0:3 --keep") << 2;
        QTest::newRow("unknown") << QByteArray("explanations show 999") << 3;
        QTest::newRow("no number") << QByteArray("explanations again first") << 3;
    }

    void whatCanNotBeKeptIsRefused()
    {
        QFETCH(QByteArray, words);
        QFETCH(int, code);
        const QString folder = m_box.path(QStringLiteral("exported"));
        if (words.contains("EXPORT") && !QFile::exists(folder))
            QCOMPARE(m_box.run({QStringLiteral("models"), QStringLiteral("export"), QStringLiteral("birds"), QStringLiteral("--out"), folder}).code, 0);
        const CliResult refused = run(words.replace("EXPORT", folder.toUtf8()));
        QCOMPARE(refused.code, code);
        QVERIFY(!refused.err.isEmpty() && refused.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCliExplanations)
#include "tst_cli_explanations.moc"
