#pragma once

#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

/// What a version's predictions come from: which columns drive those of rows of the open table (RowsView), how the model goes along
/// with its columns (EffectsView), or what a row would have to be for another prediction (CounterfactualView). Results show while they come; what is stopped keeps what it has finished.
/// What is finished is kept in the workspace by itself (KeptDialog), and can be shown again as it was (KeptNote).
class ExplainPage : public QWidget
{
    Q_OBJECT
public:
    ExplainPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~ExplainPage() override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
