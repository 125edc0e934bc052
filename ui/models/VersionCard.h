#pragma once

#include "core/store/Workspace.h"
#include "ui/widgets/Card.h"

#include <optional>

class QGridLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace limpid {

class AliasBar;
class Theme;

/// One version of a model: its figures, what its run was made of, its aliases, and what can be done with it.
class VersionCard : public Card
{
    Q_OBJECT
public:
    explicit VersionCard(const Theme& theme, QWidget* parent = nullptr);
    /// `run`: the run it came of; nullptr where that is gone.
    void show(const ModelVersion& version, const RunRecord* run);

signals:
    void explainRequested();
    void exportRequested();
    void reportRequested();
    void networkRequested();
    void aliasAdded(const QString& alias);
    void aliasRemoved(const QString& alias);

private:
    void fillMetrics(const nlohmann::json& metrics);
    void fillSettings(const RunRecord* run);
    QWidget* m_content;
    QVBoxLayout* m_rows;
    AliasBar* m_aliases;
    QWidget* m_metrics = nullptr;
    QWidget* m_settings = nullptr;
};

} // namespace limpid
