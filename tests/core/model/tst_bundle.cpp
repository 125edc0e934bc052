#include "core/model/Bundle.h"
#include "tests/support/TestSupport.h"

#include <fstream>

using namespace limpid;

class TstBundle : public QObject
{
    Q_OBJECT

private:
    static Bundle sample()
    {
        const Table table({Column::numbers("x", {1, 2, 3, 4}), Column::categories("c", {0, 1, 0, 1}, {"a", "b"}),
                           Column::numbers("y", {1.5, 2.5, 3.5, 5.5})});
        PipelineSpec spec;
        spec.target = "y";
        Issues issues;
        Bundle bundle;
        bundle.pipeline = Pipeline::fit(table, {{0, 1, 2}, {3}}, spec, issues);
        bundle.network = makePreset("linear", networkContext(bundle.pipeline), 3);
        bundle.weights = {{"output.weight", {1, 2}, {1, 2}}, {"output.bias", {1}, {3}}};
        bundle.about = {{"name", "sample"}, {"version", 3}};
        return bundle;
    }

private slots:
    void roundTrip()
    {
        const Bundle bundle = sample();
        const auto files = bundleFiles(bundle);
        std::vector<std::string> names;
        for (const auto& [name, bytes] : files)
            names.push_back(name);
        QCOMPARE(names, (std::vector<std::string>{"model.json", "model.safetensors", "network.json", "pipeline.json"}));
        const Bundle read = bundleFromFiles(files, "sample");
        QVERIFY(read.network == bundle.network);
        QVERIFY(read.weights == bundle.weights);
        QCOMPARE(read.about.dump(), bundle.about.dump());
        QVERIFY(bundleFiles(read) == files);
    }

    void refused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("bytes"); // "-": the file is missing
        QTest::addColumn<QString>("expected");
        for (const char* name : {"model.json", "pipeline.json", "network.json", "model.safetensors"}) {
            QTest::addRow("%s missing", name) << name << "-" << "BundleInvalid";
            QTest::addRow("%s empty", name) << name << "" << "BundleInvalid";
            QTest::addRow("%s cut", name) << name << "{\"format\"" << "BundleInvalid";
            QTest::addRow("%s array", name) << name << "[]" << "BundleInvalid";
        }
        QTest::newRow("newer") << "model.json" << R"({"format":"limpid-model","version":2,"about":{}})" << "BundleNewer";
        QTest::newRow("version text") << "model.json" << R"({"format":"limpid-model","version":"x","about":{}})" << "BundleInvalid";
        QTest::newRow("other format") << "model.json" << R"({"format":"zip","version":1,"about":{}})" << "BundleInvalid";
        QTest::newRow("no output")
            << "network.json" << R"({"format":"limpid-network","version":1,"nodes":[],"output":"y"})" << "BundleInvalid";
    }
    void refused()
    {
        QFETCH(QString, name);
        QFETCH(QString, bytes);
        QFETCH(QString, expected);
        auto files = bundleFiles(sample());
        if (bytes == "-")
            files.erase(name.toStdString());
        else
            files[name.toStdString()] = bytes.toStdString();
        QCOMPARE(test::errorNameOf([&] { bundleFromFiles(files, "sample"); }), expected.toStdString());
    }

    void folder()
    {
        QTemporaryDir dir;
        const std::filesystem::path path = std::filesystem::path(dir.path().toStdString()) / "modèle";
        writeBundle(sample(), path);
        QVERIFY(bundleFiles(readBundle(path)) == bundleFiles(sample()));
        // A second one does not overwrite the first.
        QCOMPARE(test::errorNameOf([&] { writeBundle(sample(), path); }), std::string("FileUnwritable"));
        std::filesystem::resize_file(path / "model.safetensors", 20);
        QCOMPARE(test::errorNameOf([&] { readBundle(path); }), std::string("BundleInvalid"));
        QCOMPARE(test::errorNameOf([&] { readBundle(path / "nowhere"); }), std::string("FileNotFound"));
        std::size_t entries = 0;
        for (const auto& entry : std::filesystem::directory_iterator(dir.path().toStdString()))
            entries += entry.exists() ? 1 : 0;
        QCOMPARE(entries, std::size_t{1}); // nothing half-written beside it
    }

    void unwritableFolder()
    {
        QTemporaryDir dir;
        const std::filesystem::path file = test::write(dir, "file", "x");
        const std::string error = test::errorNameOf([&] { writeBundle(sample(), file / "inside"); });
        QCOMPARE(error, std::string("FileUnwritable"));
    }
};

QTEST_GUILESS_MAIN(TstBundle)
#include "tst_bundle.moc"
