// What single methods heed is shown for them alone, and asked for.
#include "core/workbench/EffectTable.h"
#include "core/workbench/ExplainTable.h"
#include "ui/explain/MethodOptions.h"

#include <nlohmann/json.hpp>

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QListWidget>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace limpid;
using Players = MethodOptions::Players;

class TestMethodOptions : public QObject
{
    Q_OBJECT

    static QStringList shown(MethodOptions& options, const char* method, Players players)
    {
        options.showFor(method, players);
        QStringList names;
        for (const char* name : {"segments", "hide", "features", "baseline", "quadrature", "noise", "layer", "upsampling", "signed", "window", "columns", "index"}) {
            if (options.findChild<QWidget*>(QStringLiteral("explain.") + QLatin1String(name))->isVisibleTo(&options))
                names << QLatin1String(name);
        }
        return names;
    }
    static void choose(MethodOptions& options, const char* name, const char* value)
    {
        auto* combo = options.findChild<QComboBox*>(QStringLiteral("explain.") + QLatin1String(name));
        combo->setCurrentIndex(combo->findData(QLatin1String(value)));
        emit combo->activated(combo->currentIndex());
    }

private slots:
    void onlyWhatTheMethodHeeds()
    {
        MethodOptions options;
        QCOMPARE(shown(options, "leverage", Players::Columns), QStringList());
        QVERIFY(options.isNone());
        QCOMPARE(shown(options, "integrated-gradients", Players::Columns), (QStringList{"baseline", "quadrature"}));
        QCOMPARE(shown(options, "saliency", Players::Pixels), QStringList{"signed"});
        QCOMPARE(shown(options, "smoothgrad", Players::Columns), QStringList{"noise"});
        QCOMPARE(shown(options, "grad-cam", Players::Pixels), (QStringList{"layer", "upsampling", "signed"}));
        QCOMPARE(shown(options, "grad-cam", Players::Columns), QStringList());
        QCOMPARE(shown(options, "guided-grad-cam", Players::Pixels), (QStringList{"layer", "upsampling"}));
        QCOMPARE(shown(options, "occlusion", Players::Pixels), QStringList{"window"});
        QCOMPARE(shown(options, "occlusion", Players::Columns), QStringList());
        QCOMPARE(shown(options, "occlusion", Players::Superpixels), QStringList{"segments"});
        QCOMPARE(shown(options, "lime", Players::Columns), QStringList{"features"});
        QCOMPARE(shown(options, "lime", Players::Superpixels), (QStringList{"segments", "hide"}));
        QCOMPARE(shown(options, "lime", Players::Words), QStringList());
        QCOMPARE(shown(options, "pdp", Players::Columns), QStringList{"columns"});
        QCOMPARE(shown(options, "shapley-interactions", Players::Columns), (QStringList{"columns", "index"}));
        QCOMPARE(shown(options, "surrogate", Players::Columns), QStringList());
    }

    void whatIsShownIsAskedFor()
    {
        MethodOptions options;
        options.setModel({"a", "b", "c"}, {"conv1", "conv2"});
        const QSignalSpy changes(&options, &MethodOptions::changed);
        choose(options, "baseline", "zero");
        choose(options, "layer", "conv1");
        choose(options, "quadrature", "middle");
        choose(options, "upsampling", "nearest");
        options.findChild<QCheckBox*>("explain.signed")->setChecked(true);
        options.findChild<QDoubleSpinBox*>("explain.noise")->setValue(25.0);
        options.findChild<QSpinBox*>("explain.window")->setValue(5);
        options.findChild<QSpinBox*>("explain.features")->setValue(2);
        QCOMPARE(changes.count(), 8);

        const auto asked = [&](const char* method, Players players) {
            options.showFor(method, players);
            ExplainRequest request;
            request.method = method;
            options.apply(request);
            return request;
        };
        const ExplainRequest plain = asked("leverage", Players::Columns), usual;
        QCOMPARE(plain.attribution.baseline, usual.attribution.baseline);
        QCOMPARE(plain.attribution.noise, usual.attribution.noise);
        QCOMPARE(plain.attribution.quadrature, usual.attribution.quadrature);
        QCOMPARE(plain.attribution.upsampling, usual.attribution.upsampling);
        QCOMPARE(plain.window, usual.window);
        QCOMPARE(plain.limeFeatures, usual.limeFeatures);
        QVERIFY(!plain.attribution.isSigned && plain.attribution.layer.empty() && !plain.superpixels);
        QCOMPARE(asked("integrated-gradients", Players::Columns).attribution.baseline, std::string("zero"));
        QCOMPARE(asked("integrated-gradients", Players::Columns).attribution.quadrature, std::string("middle"));
        QCOMPARE(asked("smoothgrad", Players::Columns).attribution.noise, 0.25);
        QCOMPARE(asked("guided-grad-cam", Players::Pixels).attribution.upsampling, std::string("nearest"));
        QVERIFY(!asked("guided-grad-cam", Players::Pixels).attribution.isSigned);
        QCOMPARE(asked("grad-cam", Players::Pixels).attribution.layer, std::string("conv1"));
        QVERIFY(asked("grad-cam", Players::Pixels).attribution.isSigned);
        QCOMPARE(asked("occlusion", Players::Pixels).window, std::size_t(5));
        QCOMPARE(asked("lime", Players::Columns).limeFeatures, std::size_t(2));
        // Other layers: the chosen one stays while there is one of its name.
        options.setModel({"a", "b", "c"}, {"conv1"});
        QCOMPARE(asked("grad-cam", Players::Pixels).attribution.layer, std::string("conv1"));
        options.setModel({"a", "b", "c"}, {});
        QCOMPARE(asked("grad-cam", Players::Pixels).attribution.layer, std::string());
    }

    void columnsAndIndex()
    {
        MethodOptions options;
        options.setModel({"a", "b", "c"}, {});
        options.showFor("shapley-interactions", Players::Columns);
        EffectRequest request;
        request.method = EffectMethod::ShapleyInteractions;
        options.apply(request);
        QVERIFY(request.columns.empty() && request.chooseColumns); // of too many, those that matter most
        QCOMPARE(request.index, std::string("k-sii"));
        auto* list = options.findChild<QListWidget*>("askedColumns");
        list->item(0)->setCheckState(Qt::Checked);
        list->item(2)->setCheckState(Qt::Checked);
        choose(options, "index", "shapley-taylor");
        options.apply(request);
        QCOMPARE(request.columns, (std::vector<std::string>{"a", "c"}));
        QVERIFY(!request.chooseColumns);
        QCOMPARE(request.index, std::string("shapley-taylor"));
        EffectRequest surrogate;
        surrogate.method = EffectMethod::Surrogate;
        options.apply(surrogate);
        QVERIFY(surrogate.columns.empty()); // it asks about all
    }

    void comesBack()
    {
        MethodOptions options;
        options.findChild<QDoubleSpinBox*>("explain.noise")->setValue(12.5);
        choose(options, "index", "sii");
        choose(options, "hide", "background");
        const nlohmann::json kept = options.toJson();
        MethodOptions again;
        const QSignalSpy changes(&again, &MethodOptions::changed);
        again.restore(kept);
        QCOMPARE(changes.count(), 0);
        QCOMPARE(again.toJson().dump(), kept.dump());
        for (const char* other : {"null", "[]", R"({"noise": "much", "window": 4})", R"({"hide": "nothing"})"}) {
            again.restore(nlohmann::json::parse(other));
            QCOMPARE(again.toJson().dump(), kept.dump());
        }
    }
};

QTEST_MAIN(TestMethodOptions)
#include "tst_method_options.moc"
