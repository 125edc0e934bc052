// limpid explain --players superpixels
#include "tests/app/CliSupport.h"
#include "tests/support/Patches.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace limpid::test;
using nlohmann::json;

class TestCliSuperpixels : public QObject
{
    Q_OBJECT

private:
    CliBox m_box;
    QString m_file;

    CliResult explain(const QStringList& more) const { return m_box.run(QStringList{"explain", "patches", m_file, "--players", "superpixels"} + more); }

private slots:
    void initTestCase()
    {
        m_file = m_box.write("patches.csv", patches(240));
        const CliResult trained = m_box.run({"train", m_file, "--target", "where", "--network", "lenet", "--epochs", "8", "--name", "patches", "--quiet"});
        QVERIFY2(trained.code == 0, trained.err.constData());
    }

    void everyMethod_data()
    {
        QTest::addColumn<QString>("method");
        for (const char* method : {"leverage", "permutation", "kernel", "exact", "partition", "occlusion", "lime", "lime background"})
            QTest::newRow(method) << method;
    }
    // The patch speaks for the side it is on, and what is blank here and in all that it is compared with has no say.
    void everyMethod()
    {
        QFETCH(QString, method);
        const char* const segments = method == "exact" ? "10" : "16"; // of 16 there are 65,536 coalitions
        QStringList arguments{"--method", method.section(' ', 0, 0), "--segments", segments, "--rows", "20:24", "--background", "30", "--json", "--out", m_box.path("found.json")};
        if (method.contains(' '))
            arguments << "--hide" << method.section(' ', 1);
        const json found = explain(arguments).json();
        QCOMPARE(found["players"].get<std::string>(), std::string("superpixels"));
        QCOMPARE(found["masked"].get<std::string>(), std::string(method == "lime" ? "mean colour" : "background"));
        QCOMPARE(found["rows"].size(), std::size_t(4));
        for (const json& row : found["rows"]) {
            const int number = row["row"].get<int>();
            const auto labels = row["segments"].get<std::vector<int>>();
            QCOMPARE(labels.size(), std::size_t(patchesSide * patchesSide));
            const int top = number * 7 % 8, begin = number % 2 == 0 ? number * 3 % 2 : 7 + number * 3 % 2;
            const auto values = row["superpixels"]["values"][0].get<std::vector<double>>();
            QCOMPARE(values.size(), std::size_t(1 + *std::max_element(labels.begin(), labels.end())));
            QVERIFY(values.size() <= 16);
            double patch = 0.0, rest = 0.0;
            std::vector<bool> inPatch(values.size(), false);
            for (int y = 0; y < 4; ++y)
                for (int x = 0; x < 4; ++x)
                    inPatch[std::size_t(labels[std::size_t((top + y) * patchesSide + begin + x)])] = true;
            for (std::size_t k = 0; k < values.size(); ++k)
                (inPatch[k] ? patch : rest) += values[k];
            if (method == "lime") { // nothing else is there that could go
                QVERIFY2(std::abs(rest) < 1e-6, qPrintable(QString::number(rest)));
                const std::vector<double> fit = row["fit"].get<std::vector<double>>();
                QVERIFY(fit.front() > 0.0 && fit.front() <= 1.0);
            }
            const bool right = number % 2 == 1; // the output is for "right"
            if (method == "lime") // its mean colour hides little of a patch
                QVERIFY(patch != 0.0);
            else
                QVERIFY2(right ? patch > 0.0 : patch < 0.0, qPrintable(QString("row %1: %2").arg(number).arg(patch)));
            if (found["additive"].get<bool>())
                QVERIFY(std::abs(found["base"][0].get<double>() + patch + rest - row["output"][0].get<double>()) < 1e-4);
            // A pixel has its share.
            double pixels = 0.0;
            for (const json& value : row["values"][0])
                pixels += value.get<double>();
            QVERIFY(std::abs(pixels - patch - rest) < 1e-6);
        }
        QFile file(m_box.path("found.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(json::parse(file.readAll().toStdString())["rows"] == found["rows"]);
    }

    void theTextSaysWhat()
    {
        const CliResult lime = explain({"--method", "lime", "--rows", "3"});
        QVERIFY2(lime.code == 0, lime.err.constData());
        QVERIFY2(lime.out.contains("Superpixel") && lime.out.contains("a superpixel's mean colour in its place") && lime.out.contains("R²"), lime.out.constData());
        QVERIFY(!lime.out.contains("p17"));
        const CliResult shapley = explain({"--method", "permutation", "--rows", "3"});
        QVERIFY2(shapley.out.contains("add up to the prediction") && shapley.out.contains("training rows"), shapley.out.constData());
    }

    void samplesAndSeedsAreHeeded()
    {
        const QStringList arguments{"--method", "lime", "--rows", "3", "--json"};
        const json first = explain(arguments).json();
        QCOMPARE(first["evaluations"].get<int>(), 1000);
        QCOMPARE(explain(arguments + QStringList{"--budget", "300"}).json()["evaluations"].get<int>(), 300);
        QVERIFY(explain(arguments).json()["rows"] == first["rows"]);
        QVERIFY(explain(arguments + QStringList{"--seed", "2"}).json()["rows"] != first["rows"]);
        const json kept = explain(arguments + QStringList{"--features", "1"}).json();
        int present = 0;
        for (const json& value : kept["rows"][0]["superpixels"]["values"][0])
            present += value.get<double>() != 0.0 ? 1 : 0;
        QCOMPARE(present, 1);
    }

    void keptAndMadeAgain()
    {
        const json kept = explain({"--method", "permutation", "--rows", "3:5", "--keep", "--json"}).json();
        QVERIFY(kept.contains("kept"));
        const CliResult again = m_box.run({"explanations", "again", QString::number(kept["kept"].get<int>())});
        QVERIFY2(again.code == 0, again.err.constData());
    }

#ifdef LIMPID_GUI
    void draws()
    {
        for (const char* kind : {"picture", "waterfall", "beeswarm"}) {
            const QString file = m_box.path(QString("%1.png").arg(kind));
            const CliResult drawn = explain({"--rows", "3", "--background", "20", "--plot", file, "--kind", kind});
            QVERIFY2(drawn.code == 0 && QFile(file).size() > 1000, drawn.err.constData());
        }
    }

    void reported()
    {
        const QString file = m_box.path("patches.html");
        const CliResult result = m_box.run({"report", "patches", "--players", "superpixels", "--method", "lime", "--rows", "0:6", "--out", file});
        QVERIFY2(result.code == 0, result.err.constData());
        QFile html(file);
        QVERIFY(html.open(QIODevice::ReadOnly));
        const QByteArray bytes = html.readAll();
        QVERIFY(bytes.contains("its mean colour") && bytes.contains("What speaks for"));
        QVERIFY2(bytes.size() < 2'000'000, QByteArray::number(bytes.size()));
    }
#endif

    void refuses_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("gradients") << QStringList{"--method", "deeplift"} << QByteArray("superpixels");
        QTest::newRow("effects") << QStringList{"--method", "pdp"} << QByteArray("--players");
        QTest::newRow("exact of many") << QStringList{"--method", "exact", "--segments", "17"} << QByteArray("16");
        QTest::newRow("more than pixels") << QStringList{"--segments", "145"} << QByteArray("144");
        QTest::newRow("groups") << QStringList{"--group", "a=p1,p2"} << QByteArray("--group");
        QTest::newRow("hide") << QStringList{"--method", "kernel", "--hide", "background"} << QByteArray("--hide");
        QTest::newRow("window") << QStringList{"--method", "occlusion", "--window", "5"} << QByteArray("--window");
    }
    void refuses()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, told);
        const CliResult result = explain(arguments + QStringList{"--rows", "3"});
        QVERIFY(result.code > 0);
        QVERIFY2(result.err.contains(told), result.err.constData());
    }

    /// Pixels by themselves: a layer's map repeated cell by cell is another picture than the smooth one, and the two meet in guided backpropagation.
    void layersMaps()
    {
        const auto values = [&](const QStringList& more) {
            std::vector<double> all;
            const json found = m_box.run(QStringList{"explain", "patches", m_file, "--rows", "20:40", "--json", "--method"} + more).json();
            for (const json& row : found["rows"]) {
                const auto own = row["values"][0].get<std::vector<double>>();
                all.insert(all.end(), own.begin(), own.end());
            }
            return all;
        };
        const std::vector<double> smooth = values({"grad-cam", "--signed"}), nearest = values({"grad-cam", "--signed", "--upsampling", "nearest"}), edges = values({"guided-backprop"}),
                                  both = values({"guided-grad-cam", "--upsampling", "nearest"});
        QCOMPARE(smooth.size(), std::size_t(20 * patchesSide * patchesSide));
        QVERIFY(smooth != nearest);
        for (std::size_t pixel = 0; pixel < both.size(); ++pixel)
            QVERIFY(std::abs(both[pixel] - edges[pixel] * std::max(0.0, nearest[pixel])) < 1e-9);
        QVERIFY(std::any_of(both.begin(), both.end(), [](double value) { return value != 0.0; }));
        const CliResult refused = m_box.run({"explain", "patches", m_file, "--rows", "3", "--method", "saliency", "--upsampling", "nearest"});
        QVERIFY2(refused.code > 0 && refused.err.contains("--upsampling"), refused.err.constData());
    }

    void othersHaveNone()
    {
        const CliResult result = m_box.run({"explain", "patches", m_file, "--segments", "9"});
        QVERIFY2(result.code != 0 && result.err.contains("--segments"), result.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliSuperpixels)
#include "tst_cli_superpixels.moc"
