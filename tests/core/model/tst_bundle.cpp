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
        QTest::newRow("newer") << "model.json" << R"({"format":"limpid-model","version":3,"about":{}})" << "BundleNewer";
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

    static Bundle ensemble()
    {
        Bundle bundle = sample();
        bundle.furtherMembers = {{{"output.weight", {1, 2}, {4, 5}}, {"output.bias", {1}, {6}}}, {{"output.weight", {1, 2}, {7, 8}}, {"output.bias", {1}, {9}}}};
        return bundle;
    }

    void ensembleRoundTrip()
    {
        const Bundle bundle = ensemble();
        const auto files = bundleFiles(bundle);
        QCOMPARE(files.size(), std::size_t(6));
        // All but model.json and the further members is as it is without them.
        for (const char* name : {"model.safetensors", "network.json", "pipeline.json"})
            QVERIFY(files.at(name) == bundleFiles(sample()).at(name));
        const nlohmann::json model = nlohmann::json::parse(files.at("model.json"));
        QCOMPARE(model["version"].get<int>(), 2);
        QCOMPARE(model["members"].get<int>(), 3);
        const Bundle read = bundleFromFiles(files, "sample");
        QVERIFY(read.weights == bundle.weights && read.furtherMembers == bundle.furtherMembers);
        QVERIFY(bundleFiles(read) == files);
        QTemporaryDir dir;
        const std::filesystem::path path = std::filesystem::path(dir.path().toStdString()) / "ensemble";
        writeBundle(bundle, path);
        QVERIFY(bundleFiles(readBundle(path)) == files);
        std::filesystem::remove(path / "model-3.safetensors");
        QCOMPARE(test::errorNameOf([&] { readBundle(path); }), std::string("BundleInvalid"));
    }

    void ensembleRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("bytes"); // "-": the file is missing
        const auto model = [](const char* members) { return QString(R"({"format":"limpid-model","version":2,"about":{}%1})").arg(members); };
        QTest::newRow("member missing") << "model-2.safetensors" << "-";
        QTest::newRow("member cut") << "model-3.safetensors" << "{";
        for (const char* members : {"", ",\"members\":1", ",\"members\":4", ",\"members\":-3", ",\"members\":\"3\"", ",\"members\":100000000"})
            QTest::addRow("members%s", members) << "model.json" << model(members);
    }
    void ensembleRefused()
    {
        QFETCH(QString, name);
        QFETCH(QString, bytes);
        auto files = bundleFiles(ensemble());
        if (bytes == "-")
            files.erase(name.toStdString());
        else
            files[name.toStdString()] = bytes.toStdString();
        QCOMPARE(test::errorNameOf([&] { bundleFromFiles(files, "sample"); }), std::string("BundleInvalid"));
    }

    void membersOfAnotherShape()
    {
        for (const Weights& other : {Weights{{"output.weight", {2, 1}, {4, 5}}, {"output.bias", {1}, {6}}}, Weights{{"output.weight", {1, 2}, {4, 5}}},
                                     Weights{{"output.weight", {1, 2}, {4, 5}}, {"bias", {1}, {6}}}}) {
            Bundle bundle = sample();
            bundle.furtherMembers = {other};
            QCOMPARE(test::errorNameOf([&] { bundleFromFiles(bundleFiles(bundle), "sample"); }), std::string("BundleInvalid"));
        }
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
